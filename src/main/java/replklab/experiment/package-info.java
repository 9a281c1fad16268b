/** Experiments: a specification in YAML, its runs (variant times seed), and the runner that trains, tracks and reports them. */
package replklab.experiment;
