package replklab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import replklab.base.Parallel;
import replklab.data.Augmentation;
import replklab.data.BatchLoader;
import replklab.data.BatchStream;
import replklab.data.DatasetSpec;
import replklab.data.Datasets;
import replklab.data.TrainTest;

/** Our reading of images: what an evaluation or a training on a folder reads. */
final class DataWorkload implements Workload {
    @Override
    public String version() {
        return "";
    }

    @Override
    public Prepared prepare(BenchCase what, JsonNode told) {
        DataCase wanted = (DataCase) what;
        TrainTest data =
                Datasets.open(new DatasetSpec("folder", told.path("folder").asText(), wanted.resolution(), 0, 0), 0);
        BatchLoader loader = wanted.pass() == Pass.TRAINING
                ? BatchLoader.forTraining(data.train(), DataCase.BATCH, Augmentation.NONE, 1, Parallel.threads())
                : BatchLoader.forEvaluation(data.test(), DataCase.BATCH, Parallel.threads());
        return () -> {
            try (BatchStream batches = loader.epoch(0, 0)) {
                batches.forEachRemaining(_ -> {});
            }
        };
    }
}
