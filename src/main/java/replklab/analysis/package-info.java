/** What a network costs: parameters and MACs (beside the paper's, too), latency by kind of layer, depthwise layers in a row. */
package replklab.analysis;
