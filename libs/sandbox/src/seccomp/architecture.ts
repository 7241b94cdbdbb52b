/** Architectures that a filter can be made for. */
export type Architecture = 'x86_64' | 'aarch64';

/**
 * @param nodeArchitecture as in `process.arch`
 * @throws Error when there is no list of system calls for this processor
 */
export function architectureOf(nodeArchitecture: string): Architecture {
  if (nodeArchitecture === 'x64') return 'x86_64';
  if (nodeArchitecture === 'arm64') return 'aarch64';
  throw new Error(`The sandbox knows the system calls of x86_64 and aarch64, not of ${nodeArchitecture}. Grade on one of these.`);
}
