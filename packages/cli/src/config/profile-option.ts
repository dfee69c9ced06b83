/** For a command that comes next: `--profile` goes on where it was given. */
export function profileOption({ profile }: { readonly profile: string | undefined }): string {
  return profile === undefined ? '' : ` --profile ${profile}`
}
