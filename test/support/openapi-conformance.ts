import type { OpenAPIObject } from '@nestjs/swagger';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

/** What of an answer the description speaks of. */
export interface Answer {
  readonly method: string;
  /** Path of the request without its query. */
  readonly path: string;
  readonly status: number;
  /** Without parameters; empty when there is none. */
  readonly contentType: string;
  readonly body: unknown;
  readonly text: string | undefined;
}

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema?: unknown }>> }>>;
}

const VERSIONED = '/api/v1/';
const JSON_TYPE = /^application\/(problem\+)?json$/;

/** Compares answers with an OpenAPI 3.1 description. Objects may hold no field that is not described. */
export class OpenApiConformance {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly templates: readonly { template: string; pattern: RegExp }[];
  private readonly document: OpenAPIObject;

  constructor(document: OpenAPIObject) {
    this.document = closeObjects(structuredClone(document)) as OpenAPIObject;
    addFormats(this.ajv);
    this.ajv.addSchema(this.document, 'api');
    this.templates = Object.keys(this.document.paths)
      .sort((a, b) => placeholders(a) - placeholders(b))
      .map((template) => ({ template, pattern: patternOf(template) }));
  }

  /**
   * @throws Error that says what is not described: the path, the method, the status, the type or a field of the body. Paths outside
   *   `/api/v1` are not described and not looked at; a 404 of a path that does not exist needs no description.
   */
  check(answer: Answer): void {
    if (!answer.path.startsWith(VERSIONED)) return;
    const problem = this.problemOf(answer);
    if (problem === null) return;
    throw new Error(
      `The answer ${answer.status} to ${answer.method} ${answer.path} is not as the OpenAPI description says: ${problem}. Body: ${(answer.text ?? '').slice(0, 500)}`,
    );
  }

  private problemOf(answer: Answer): string | null {
    if (answer.status === 500)
      return 'an internal error is never right; the log of the API has its cause (set ASSAY_TEST_LOG=info)';
    const template = this.templates.find(({ pattern }) => pattern.test(answer.path))?.template;
    if (template === undefined) return answer.status === 404 ? null : 'the path is not described';
    const method = answer.method.toLowerCase();
    const operation = (this.document.paths[template] as Record<string, Operation | undefined>)[method];
    if (!operation) return answer.status === 404 ? null : `${template} has no ${method}`;
    const status = operation.responses[answer.status] ? String(answer.status) : answer.status >= 400 ? 'default' : null;
    const response = status === null ? undefined : operation.responses[status];
    if (status === null || !response) return `the status is not described, only ${Object.keys(operation.responses).join(', ')}`;
    if (!response.content) return answer.text ? 'no body is described' : null;
    const media = response.content[answer.contentType];
    if (!media)
      return `the type ${answer.contentType || '(none)'} is not described, only ${Object.keys(response.content).join(', ')}`;
    if (!JSON_TYPE.test(answer.contentType)) return null;
    if (!media.schema) return 'the body has no schema';
    const validate = this.validatorAt(['paths', template, method, 'responses', status, 'content', answer.contentType, 'schema']);
    return validate(answer.body) ? null : this.ajv.errorsText(validate.errors, { dataVar: 'body' });
  }

  private validatorAt(pointer: readonly string[]): ValidateFunction {
    const fragment = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    let validate = this.validators.get(fragment);
    if (!validate) {
      validate = this.ajv.compile({ $ref: `api#/${fragment}` });
      this.validators.set(fragment, validate);
    }
    return validate;
  }
}

/** Refuses undescribed fields wherever fields are described, so that nothing leaks into an answer unnoticed. */
function closeObjects(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closeObjects);
  if (typeof node !== 'object' || node === null) return node;
  const closed = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closeObjects(value)]));
  const isObjectSchema = closed.type === 'object' && typeof closed.properties === 'object';
  return isObjectSchema && !('additionalProperties' in closed) ? { ...closed, additionalProperties: false } : closed;
}

function placeholders(template: string): number {
  return template.split('{').length;
}

function patternOf(template: string): RegExp {
  const parts = template.split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}
