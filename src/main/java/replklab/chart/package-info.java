/** The charts of the project, made with the vocabulary of {@link replklab.plot}: {@link replklab.chart.Charts} lists them. */
package replklab.chart;
