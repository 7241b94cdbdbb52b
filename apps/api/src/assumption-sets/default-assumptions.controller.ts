import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { toAssumptionDto } from './assumption.dto';
import { DefaultAssumptionsDto } from './assumption-sets.dto';

@ApiTags('assumption-sets')
@Controller('assumptions')
export class DefaultAssumptionsController {
  @Get()
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: "The model's own figures with where they come from; vendors' claims are off" })
  @ApiOkResponse({ type: DefaultAssumptionsDto })
  list(): DefaultAssumptionsDto {
    return { items: DEFAULT_ASSUMPTIONS.map(toAssumptionDto) };
  }
}
