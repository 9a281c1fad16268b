/** Files of weights: PyTorch's and safetensors, whatever their tensors are called, and a network's state in and out of them. */
package replklab.weights;
