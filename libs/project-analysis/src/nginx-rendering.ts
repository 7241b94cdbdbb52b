import { directivesNamed, type NginxDirective } from './nginx';

/** A configuration that nginx may be given to look at, and where each of its lines comes from. */
export interface NginxRendering {
  readonly text: string;
  /** By line, counted from 1; null for lines of ours. */
  readonly places: readonly (NginxDirective | null)[];
}

/**
 * Directives that neither open a file nor load code when nginx reads them. All others are left out: `load_module`, `include`, logs, caches
 * and certificates would let a stranger's text do something with the rights of who tests it.
 */
const HARMLESS = new Set(
  (
    'http server location upstream map types if limit_except server_name root alias index try_files return rewrite set error_page ' +
    'internal recursive_error_pages default_type charset etag expires add_header sendfile sendfile_max_chunk tcp_nopush tcp_nodelay ' +
    'keepalive keepalive_timeout keepalive_requests keepalive_time send_timeout reset_timedout_connection server_tokens ' +
    'server_name_in_redirect port_in_redirect absolute_redirect merge_slashes satisfy allow deny autoindex limit_req limit_req_zone ' +
    'limit_req_status limit_conn limit_conn_zone limit_conn_status limit_rate limit_rate_after client_max_body_size client_body_timeout ' +
    'client_header_timeout client_body_buffer_size client_header_buffer_size large_client_header_buffers ignore_invalid_headers ' +
    'underscores_in_headers types_hash_max_size types_hash_bucket_size server_names_hash_bucket_size server_names_hash_max_size ' +
    'variables_hash_max_size map_hash_bucket_size map_hash_max_size max_fails gzip gzip_vary gzip_proxied gzip_comp_level gzip_buffers ' +
    'gzip_http_version gzip_min_length gzip_types gzip_disable gzip_static least_conn ip_hash hash random zone real_ip_header set_real_ip_from ' +
    'real_ip_recursive proxy_pass proxy_set_header proxy_redirect proxy_http_version proxy_buffering proxy_buffers proxy_buffer_size ' +
    'proxy_busy_buffers_size proxy_connect_timeout proxy_read_timeout proxy_send_timeout proxy_request_buffering proxy_hide_header ' +
    'proxy_pass_header proxy_pass_request_headers proxy_pass_request_body proxy_intercept_errors proxy_ignore_headers ' +
    'proxy_ignore_client_abort proxy_next_upstream proxy_next_upstream_timeout proxy_next_upstream_tries proxy_cookie_path ' +
    'proxy_cookie_domain proxy_max_temp_file_size proxy_headers_hash_max_size proxy_headers_hash_bucket_size ssl_protocols ssl_ciphers ' +
    'ssl_prefer_server_ciphers ssl_session_timeout ssl_session_tickets open_file_cache open_file_cache_valid open_file_cache_min_uses ' +
    'open_file_cache_errors log_not_found'
  ).split(' '),
);
/** What stands in these blocks is data, not directives. */
const DATA_BLOCKS = new Set(['map', 'types']);
const MAX_LINES = 3_000;
/** nginx allocates what these name. */
const MAX_ARGUMENT = 2_000;

/**
 * Writes a configuration anew with what is harmless in it. Addresses to listen on become sockets in `folder`, hosts become this machine,
 * so that nothing is bound and no name is looked up.
 */
export function renderNginx(directives: readonly NginxDirective[], folder: string): NginxRendering {
  const upstreams = new Set(directivesNamed(directives, 'upstream').flatMap(({ args }) => args.slice(0, 1)));
  const writer = new Writer(folder, upstreams);
  writer.line(`error_log stderr; pid ${folder}/pid; daemon off; worker_processes 1; events { worker_connections 64; }`, null);
  const isWhole = directives.some(({ name }) => name === 'http');
  if (!isWhole) writer.line('http {', null);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  const own = `access_log off; ${paths}`;
  if (!isWhole) writer.line(own, null);
  writer.block(directives, 0, own);
  if (!isWhole) writer.line('}', null);
  return { text: `${writer.lines.join('\n')}\n`, places: writer.places };
}

class Writer {
  readonly lines: string[] = [];
  readonly places: (NginxDirective | null)[] = [null];
  private readonly sockets = new Map<string, string>();
  private hasOwn = false;

  constructor(
    private readonly folder: string,
    private readonly upstreams: ReadonlySet<string>,
  ) {}

  line(text: string, place: NginxDirective | null): void {
    if (this.lines.length >= MAX_LINES) return;
    this.lines.push(text);
    this.places.push(place);
  }

  block(directives: readonly NginxDirective[], depth: number, own: string): void {
    for (const directive of directives) {
      const { name, args, block } = directive;
      if (depth > 12 || args.some((arg) => arg.length > MAX_ARGUMENT)) continue;
      if (name === 'listen') this.line(`listen ${this.socketFor(args)};`, directive);
      else if (name === 'server' && block === null)
        this.line(`server 127.0.0.1:80 ${args.slice(1).map(quoted).join(' ')};`, directive);
      else if (!HARMLESS.has(name)) continue;
      else if (block === null)
        this.line(
          `${name} ${(name === 'proxy_pass' ? args.map((arg) => this.target(arg)) : args).map(quoted).join(' ')};`,
          directive,
        );
      else {
        this.line(`${name} ${(name === 'if' ? args.map(condition) : args.map(quoted)).join(' ')} {`, directive);
        if (name === 'http' && !this.hasOwn) {
          this.hasOwn = true;
          this.line(own, null);
        }
        if (DATA_BLOCKS.has(name)) this.data(block);
        else this.block(block, depth + 1, own);
        this.line('}', directive);
      }
    }
  }

  private data(entries: readonly NginxDirective[]): void {
    for (const entry of entries) {
      if (entry.block === null && entry.name !== 'include')
        this.line(`${[entry.name, ...entry.args].map(quoted).join(' ')};`, entry);
    }
  }

  /** The same address is the same socket, so that two default servers of one address are still seen. */
  private socketFor(args: readonly string[]): string {
    const [address = '', ...options] = args;
    const socket = this.sockets.get(address) ?? `unix:${this.folder}/${this.sockets.size}.sock`;
    this.sockets.set(address, socket);
    return [socket, ...options.filter((option) => option === 'default_server')].join(' ');
  }

  private target(url: string): string {
    const [, scheme = '', host = '', rest = ''] = /^(https?:\/\/)([^/:]*)([\s\S]*)$/.exec(url) ?? [];
    return scheme === '' || host.includes('$') || this.upstreams.has(host)
      ? url
      : `${scheme.replace('https', 'http')}127.0.0.1${rest}`;
  }
}

/** Always in quotes, so that no letter of a word is taken for the grammar's. */
function quoted(word: string): string {
  return `"${word.replace(/\\?"/g, '\\"')}"`;
}

/** The words of `if (...)`, which nginx reads with their brackets. */
function condition(word: string): string {
  return /^[\w$()!=~*^.\\/|+?:-]*$/.test(word) ? word : quoted(word);
}
