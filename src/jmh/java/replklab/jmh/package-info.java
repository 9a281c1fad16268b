/** JMH benchmarks of the kernels: {@code ./mvnw -Pjmh test-compile exec:exec -Djmh=Depthwise}. */
package replklab.jmh;
