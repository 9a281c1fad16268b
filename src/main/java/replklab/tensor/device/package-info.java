/** The backend that computes on an accelerator: what each operation asks of the kernels, which lie beside it as resources. */
package replklab.tensor.device;
