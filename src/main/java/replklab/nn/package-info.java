/** Layers: thin, composed of tensor operations. A new one is written by its forward pass alone. */
package replklab.nn;
