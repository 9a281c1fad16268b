/** Depthwise convolution on native memory: knows memory and shapes, nothing else. */
package replklab.conv;
