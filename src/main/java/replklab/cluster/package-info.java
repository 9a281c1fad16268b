/** The runs of an experiment on many machines: who submits them, and how one machine does the same. */
package replklab.cluster;
