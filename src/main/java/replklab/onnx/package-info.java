/**
 * Networks as ONNX files, and ONNX Runtime to check them with. A file is made by letting a forward pass name its operations
 * ({@link replklab.onnx.OnnxModel}), so every layer is exported that is made of tensor operations, a user's own ones too.
 */
package replklab.onnx;
