package io.tidegate.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import io.tidegate.gateway.decode.Bodies;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.Weblogs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class IngestHandlerTest {

    private static final ActorTestKit KIT = ActorTestKit.create();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    @SuppressWarnings("NullAway") // what is not there fails
    void what_fails_on_our_side_is_503_and_its_room_is_free_again() throws Exception {
        IngestSettings settings = new IngestSettings(
                1000, 1000, 1, Duration.ofSeconds(9), Duration.ofSeconds(9), 1, 1000, Duration.ofSeconds(9));
        Bodies bodies = new Bodies(Weblogs.reader(), new Limits(1000, 10, 4, 64));
        // Without a log and a way to it everything fails.
        Ingest ingest = new Ingest(settings, bodies, null, new RememberedAnswers(settings, Map.of()), null, () -> 1L);
        IngestHandler handler = new IngestHandler(KIT.system(), new BearerTokens(List.of()), ingest);

        for (int i = 0; i < 3; i++) {
            Reply reply = handler.answer(
                            HttpRequest.POST("/ingest/logs").withEntity(ContentTypes.TEXT_PLAIN_UTF8, "x".repeat(900)))
                    .toCompletableFuture()
                    .join();
            assertThat(reply.status()).isEqualTo(503);
        }
    }
}
