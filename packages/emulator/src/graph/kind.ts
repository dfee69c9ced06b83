import type { Application, CredentialHolder, ServicePrincipal } from '../directory/application.ts'
import type { GraphRequest } from './operation.ts'
import type { Shown } from './query.ts'

/** Applications or service principals: what Graph does to both differs in what stands here, and in nothing else. */
export interface Kind<T extends Application | ServicePrincipal> {
  /** As in paths: `applications`. */
  readonly set: string
  /** Of one of them: `applications/:app`. */
  readonly path: string
  /** For messages: `Application`, and `application` as the type of OData. */
  readonly resource: string
  readonly type: string
  /** Members that are said when one is created, and not changed. */
  readonly lasting: readonly string[]
  all(request: GraphRequest): readonly T[]
  /** The one that the path names. @throws GraphError 404 */
  find(request: GraphRequest): T
  idOf(object: T): string
  /** As Graph shows it. `withKeys`: the bytes of its certificates too. */
  show(request: GraphRequest, object: T, withKeys?: boolean): Shown
  /** From a body; what it says beside, `patch` has yet to set. */
  create(request: GraphRequest): T
  /** Sets what a body says. @throws GraphError 400 */
  patch(request: GraphRequest, object: T): void
  change(
    request: GraphRequest,
    object: T,
    settings: Partial<CredentialHolder> & { readonly owners?: readonly string[] },
  ): void
  remove(request: GraphRequest, object: T): void
}
