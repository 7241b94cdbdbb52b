/** Why an archive or folder was refused. The codes are stable: the API, the CLI and reports quote them. */
export type ArchiveErrorCode =
  | 'not-an-archive'
  | 'archive-corrupt'
  | 'archive-inconsistent'
  | 'archive-encrypted'
  | 'archive-too-large'
  | 'archive-empty'
  | 'unsupported-compression'
  | 'too-many-files'
  | 'too-many-folders'
  | 'file-too-large'
  | 'contents-too-large'
  | 'expansion-too-high'
  | 'link-entry'
  | 'special-entry'
  | 'path-empty'
  | 'path-not-utf8'
  | 'path-absolute'
  | 'path-traversal'
  | 'path-backslash'
  | 'path-control-character'
  | 'path-too-deep'
  | 'name-too-long'
  | 'path-too-long'
  | 'duplicate-entry'
  | 'case-collision'
  | 'file-folder-conflict'
  | 'source-unreadable'
  | 'target-exists'
  | 'changed-while-reading';

/** A refused archive or folder. `message` says what was wrong and what to do, fit to be shown to whoever sent it. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';

  /** @param entry name of the offending entry as it stands in the archive, shortened; absent when the whole archive is meant. */
  constructor(
    readonly code: ArchiveErrorCode,
    message: string,
    readonly entry?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const LONGEST_QUOTE = 120;

/** An entry's name as it may stand in a message: escaped and short, because names come from outside. */
export function quoteName(name: string): string {
  const short = name.length > LONGEST_QUOTE ? `${name.slice(0, LONGEST_QUOTE)}...` : name;
  return JSON.stringify(short).replace(/[\u007f-\uffff]/gu, (character) =>
    /\p{L}|\p{N}|\p{P}|\p{S}/u.test(character) ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
