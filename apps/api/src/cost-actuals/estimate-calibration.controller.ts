import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { invalidField } from '../http/problem';
import { EstimateCalibrationDto, EstimateCalibrationQuery, toEstimateCalibrationDto } from './estimate-calibration.dto';
import { EstimateCalibrationService } from './estimate-calibration.service';

@ApiTags('estimates')
@Controller('estimate-calibration')
export class EstimateCalibrationController {
  constructor(private readonly calibrations: EstimateCalibrationService) {}

  @Get()
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'How good past estimates were, and what own outcomes say in place of published figures' })
  @ApiOkResponse({ type: EstimateCalibrationDto })
  async get(
    @CurrentPrincipal() principal: Principal,
    @Query() { assumptionSetId, assumptionSetVersion }: EstimateCalibrationQuery,
  ): Promise<EstimateCalibrationDto> {
    if (assumptionSetId === undefined && assumptionSetVersion !== undefined) {
      throw invalidField('assumptionSetVersion', 'is a version of a set: give assumptionSetId too.');
    }
    const madeWith = assumptionSetId === undefined ? null : { assumptionSetId, version: assumptionSetVersion };
    return toEstimateCalibrationDto(await this.calibrations.calibration(principal, madeWith));
  }
}
