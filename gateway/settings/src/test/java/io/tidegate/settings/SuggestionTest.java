package io.tidegate.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SuggestionTest {

    private static final Set<String> KNOWN = Set.of("slide", "window", "allowed-lateness", "to", "by");

    @Test
    void the_nearest_known_word_is_suggested() {
        assertThat(Suggestion.nearest("slid", KNOWN)).contains("slide");
        assertThat(Suggestion.nearest("wnidow", KNOWN)).contains("window");
        assertThat(Suggestion.nearest("allowed_latenes", KNOWN)).contains("allowed-lateness");
    }

    @Test
    void nothing_is_suggested_for_a_word_that_resembles_none() {
        assertThat(Suggestion.nearest("checkpoint", KNOWN)).isEmpty();
        assertThat(Suggestion.nearest("x", KNOWN)).isEmpty();
    }

    @Test
    void a_swap_of_neighbours_is_one_step() {
        assertThat(Suggestion.distance("port", "prot")).isEqualTo(1);
        assertThat(Suggestion.distance("port", "")).isEqualTo(4);
        assertThat(Suggestion.distance("port", "sports")).isEqualTo(2);
    }

    @Property
    void a_distance_is_symmetric_and_zero_only_between_equals(
            @ForAll @AlphaChars @StringLength(max = 8) String a, @ForAll @AlphaChars @StringLength(max = 8) String b) {
        assertThat(Suggestion.distance(a, b)).isEqualTo(Suggestion.distance(b, a));
        assertThat(Suggestion.distance(a, b) == 0).isEqualTo(a.equals(b));
    }
}
