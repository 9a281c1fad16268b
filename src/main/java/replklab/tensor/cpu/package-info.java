/** The CPU implementation of the numeric operations: one class a kind of operation, its gradient beside it. */
package replklab.tensor.cpu;
