/** MLflow: runs and their logs, the server that is embedded or elsewhere, and what is sent to it. */
package replklab.tracking;
