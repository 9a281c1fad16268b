/** This library's RepLKNet beside the authors' published PyTorch model: the same weights and images through both. */
package replklab.parity;
