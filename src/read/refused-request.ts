/** Requests that are refused: for their size, or for what they say. */
import { HubError } from '../base/errors.ts';

export const tooCostly = (zh: string, en: string): HubError =>
  new HubError('request.too-costly', { reason: { zh, en } });

export const invalidRequest = (zh: string, en: string, cause?: unknown): HubError =>
  new HubError('request.invalid', { reason: { zh, en } }, cause);
