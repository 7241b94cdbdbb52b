/** Calls the API as one principal. A call that is not answered with success throws. */
export class ApiClient {
  constructor(url, token = null) {
    this.url = url;
    this.token = token;
  }

  async signIn(email, password) {
    this.token = (await this.post('/auth/login', { email, password })).accessToken;
    return this;
  }

  get(path) {
    return this.#send('GET', path);
  }

  post(path, body) {
    return this.#send('POST', path, body && JSON.stringify(body), { 'content-type': 'application/json' });
  }

  upload(path, archive) {
    const form = new FormData();
    form.set('archive', new Blob([archive], { type: 'application/gzip' }), 'submission.tar.gz');
    return this.#send('POST', path, form);
  }

  async #send(method, path, body, headers = {}) {
    const authorization = this.token ? { authorization: `Bearer ${this.token}` } : {};
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      body,
      headers: { ...authorization, ...(body ? headers : {}) },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}
