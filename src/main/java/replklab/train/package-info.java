/** Training: optimisers, schedule, the loop, evaluation, checkpoints. */
package replklab.train;
