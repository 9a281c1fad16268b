package replklab.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.nn.BatchNorm;
import replklab.nn.Layer;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

class WeightAverageTest {
    private final Layer model = new BatchNorm(2, Activation.NONE);

    private Tensor tensor(String name) {
        return model.state().get(name).tensor();
    }

    @Test
    void followsParametersAndBuffers() {
        WeightAverage average = new WeightAverage(model, 0.5);
        for (String name : new String[] {"weight", "running_var"}) { // both start at 1
            tensor(name).assign(new float[] {3, 5});
            average.update();
            assertThat(average.state().get(name).toArray()).containsExactly(2, 3);
            tensor(name).assign(new float[] {6, 1});
            average.update();
            assertThat(average.state().get(name).toArray()).containsExactly(4, 2);
            assertThat(tensor(name).toArray()).containsExactly(6, 1);
        }
    }

    @Test
    void swappedTwiceIsAsBefore() {
        WeightAverage average = new WeightAverage(model, 0.9);
        tensor("weight").assign(new float[] {3, 5});
        average.update();
        Map<String, float[]> before = values();
        float[] averages = average.state().get("weight").toArray();
        average.swap();
        assertThat(tensor("weight").toArray()).containsExactly(averages);
        assertThat(average.state().get("weight").toArray()).containsExactly(3, 5);
        average.swap();
        values().forEach((name, value) -> assertThat(value).as(name).containsExactly(before.get(name)));
        assertThat(average.state().get("weight").toArray()).containsExactly(averages);
    }

    private Map<String, float[]> values() {
        Map<String, float[]> values = new LinkedHashMap<>();
        model.state()
                .forEach((name, variable) -> values.put(name, variable.tensor().toArray()));
        return values;
    }
}
