/** What a network costs: parameters and MACs, latency by kind of layer, depthwise layers in a row. */
package replklab.analysis;
