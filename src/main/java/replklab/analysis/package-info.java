/** What a network costs and what it sees: parameters and MACs, latency by kind of layer, effective receptive field. */
package replklab.analysis;
