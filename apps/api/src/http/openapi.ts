import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemDto } from './problem.dto';

const PROBLEM_TYPE = 'application/problem+json';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The OpenAPI 3.1 description of every endpoint, made from the controllers. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Assay')
    .setDescription('Self-hosted evaluations of Django developers: take-home tasks, scorecards and hiring-model cost estimates.')
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token or an API key.' })
    .build();
  const document = SwaggerModule.createDocument(app, builder, { extraModels: [ProblemDto] });
  describeProblems(document);
  return document;
}

/** Serves the description at `/api/openapi.json` and a page to read it at `/api/docs`. */
export function serveApiDescription(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'api/openapi.json',
    customSiteTitle: 'Assay API',
  });
}

/** Every endpoint may answer with a problem: says so once for all instead of on each of them. */
function describeProblems(document: OpenAPIObject): void {
  const content = { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/ProblemDto' } } };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (!operation) continue;
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) >= 400 && response && !('$ref' in response)) response.content = content;
      }
      operation.responses.default = { description: 'Problem details (RFC 9457); clients switch on `code`.', content };
    }
  }
}
