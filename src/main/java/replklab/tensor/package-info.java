/** Tensors, the reverse-mode tape that differentiates what is computed with them, and the numeric operations' interface. */
package replklab.tensor;
