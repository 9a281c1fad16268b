/** What a network costs: latency by kind of layer. */
package replklab.analysis;
