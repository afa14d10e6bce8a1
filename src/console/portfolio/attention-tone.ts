import { attentionCodes, type AttentionCode } from '../../domain/attention.js';
import type { Tone } from '../parts/layout.js';

/** The first three reasons can end in a renewal that nobody wanted, so they look graver than the others. */
export const toneOf = (code: AttentionCode): Tone => (attentionCodes.indexOf(code) < 3 ? 'bad' : 'warn');
