/** The files of a project, read without running anything of it. */
export interface ProjectFiles {
  /** Paths of regular files relative to the project, sorted, with `/`. */
  list(): readonly string[];
  /** UTF-8 text (wrong bytes as U+FFFD) of at most 1 MiB; null when there is no such regular file, or when it is longer. */
  read(path: string): string | null;
}
