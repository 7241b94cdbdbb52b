import type { NestExpressApplication } from '@nestjs/platform-express';

/** What a client can send; a route that takes every method takes these. */
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

export interface Route {
  /** In capitals. */
  readonly method: string;
  /** With its parameters, for example `/api/v1/candidate/evaluation/submissions/:id`. */
  readonly path: string;
}

interface Layer {
  readonly route?: { readonly path: string | readonly string[]; readonly methods: Readonly<Record<string, boolean>> };
}

/** Every route that the application answers, as its router knows them: also those that no description names. */
export function routeTable(app: NestExpressApplication): readonly Route[] {
  const express = app.getHttpAdapter().getInstance() as { readonly router: { readonly stack: readonly Layer[] } };
  return express.router.stack.flatMap(({ route }) => {
    if (!route) return [];
    const methods = METHODS.filter((method) => route.methods[method]);
    return [route.path].flat().flatMap((path) => methods.map((method) => ({ method: method.toUpperCase(), path })));
  });
}
