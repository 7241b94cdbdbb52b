import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiForbiddenResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { ProblemDto } from '../http/problem.dto';
import type { Permission } from './permission';

export const REQUIRED_PERMISSION = 'assay:required-permission';
export const PUBLIC_ENDPOINT = 'assay:public-endpoint';

/** Declares the permission that an endpoint needs. */
export function RequirePermission(permission: Permission): MethodDecorator {
  return applyDecorators(
    SetMetadata(REQUIRED_PERMISSION, permission),
    ApiBearerAuth(),
    ApiUnauthorizedResponse({ description: 'No valid credentials.', type: ProblemDto }),
    ApiForbiddenResponse({ description: `The permission ${permission} is needed.`, type: ProblemDto }),
  );
}

/** Declares that an endpoint answers anybody; `why` is for the reader. */
export function Public(why: string): MethodDecorator {
  return SetMetadata(PUBLIC_ENDPOINT, why);
}
