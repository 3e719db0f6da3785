/** A request refused for its size, before anything was done for it. */
import { HubError } from '../base/errors.ts';

export const tooCostly = (chinese: string, english: string): HubError =>
  new HubError('request.too-costly', { reason: `${chinese} (${english})` });
