/** The checkout, clear errors, the one door to threads, native memory and its caches, interrupts, provenance: what every room may use. */
package replklab.base;
