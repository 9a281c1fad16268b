/** Networks, and the files their weights are kept in. */
package replklab.model;
