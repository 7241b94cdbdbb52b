import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

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
  return SwaggerModule.createDocument(app, builder);
}

/** Serves the description at `/api/openapi.json` and a page to read it at `/api/docs`. */
export function serveApiDescription(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'api/openapi.json',
    customSiteTitle: 'Assay API',
  });
}
