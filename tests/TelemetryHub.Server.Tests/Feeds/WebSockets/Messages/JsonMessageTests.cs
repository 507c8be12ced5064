using System.Text;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Messages;

public class JsonMessageTests
{
    [Theory]
    [InlineData("""{"type":"ping"}""", "ping")]
    [InlineData("""{"ref":5,"type":"ping"}""", "5: ping")]
    [InlineData("""{"type":"ping","ref":"a\u0022b"}""", "\"a\\u0022b\": ping")]
    [InlineData("""{"type":"ping","ref":-1.5e3}""", "-1.5e3: ping")]
    [InlineData("""  { "type" : "ping" , "ref" : null }  """, "ping")]
    [InlineData("""{"type":"auth","token":"secret","ref":4}""", "4: auth")]
    [InlineData("""{"type":"unsubscribe","sub":"a.b_C-9"}""", "unsubscribe a.b_C-9")]
    [InlineData("""{"type":"subscribe","sub":"a","topics":["x/#","y"]}""", "subscribe a [x/# y]")]
    [InlineData(
        """{"heartbeat":15,"type":"subscribe","ref":1,"sub":"a","topics":["x"],"since":"e-1","snapshot":true,"every":"1s","overflow":"gap","where":"temp>30","fields":"temp,hum","format":"event"}""",
        "1: subscribe a [x] since=e-1 snapshot=true every=1s overflow=gap where=temp>30 fields=temp,hum format=event heartbeat=15")]
    [InlineData("""{"type":"publish","topic":"x"}""", "publish x  q1")]
    [InlineData("""{"type":"publish","topic":"x","payload":"gr\u00fcn","qos":2,"retain":true}""", "publish x 6772C3BC6E q2 retain")]
    [InlineData("""{"type":"publish","topic":"x","payload":{"a": [1]},"qos":0}""", "publish x 7B2261223A205B315D7D q0")]
    [InlineData("""{"type":"publish","topic":"x","payload":21.50}""", "publish x 32312E3530 q1")]
    [InlineData("""{"type":"publish","topic":"x","payload":null}""", "publish x 6E756C6C q1")]
    [InlineData("""{"type":"publish","topic":"x","payload":"AQL/","encoding":"base64"}""", "publish x 0102FF q1")]
    public void A_message_is_understood(string line, string expected) => Said.InJson(line).ShouldBe([expected]);

    [Theory]
    [InlineData("nonsense", "bad-message: Not JSON in one line: wrong at byte 1.")]
    [InlineData("[]", "bad-message: A message is a JSON object in one line.")]
    [InlineData("{", "bad-message: Not JSON in one line: wrong at byte 1.")]
    [InlineData("""{"type":"ping"} {}""", "bad-message: Not JSON in one line: wrong at byte 16.")]
    [InlineData("""{"ref":7,"type":"ping" x}""", "7: bad-message: Not JSON in one line: wrong at byte 23.")]
    [InlineData("""{"type":"ping","ref":"\ud800"}""", "bad-message: A text has half of a surrogate pair.")]
    [InlineData("{}", "unknown-type: 'type' must be 'subscribe', 'unsubscribe', 'publish', 'auth' or 'ping'.")]
    [InlineData("""{"type":"Ping","ref":1}""", "1: unknown-type: 'type' must be 'subscribe', 'unsubscribe', 'publish', 'auth' or 'ping'.")]
    [InlineData("""{"type":7}""", "unknown-type: 'type' must be 'subscribe', 'unsubscribe', 'publish', 'auth' or 'ping'.")]
    [InlineData("""{"type":"ping","colour":{"a":1},"ref":2}""", "2: unknown-field: 'colour' is not a field of any message.")]
    [InlineData("""{"type":"ping","topic":"x"}""", "unknown-field: 'topic' is not a field of 'ping'.")]
    [InlineData("""{"type":"ping","ref":true}""", "bad-field: 'ref' must be a number or a text of at most 64 characters.")]
    [InlineData("""{"type":"ping","type":"ping"}""", "bad-field: 'type' is given twice.")]
    [InlineData("""{"type":"subscribe","topics":["x"]}""", "missing-field: 'sub' is missing.")]
    [InlineData("""{"type":"subscribe","sub":"","topics":["x"]}""", "bad-field: 'sub' must be 1 to 64 of '0-9', 'A-Z', 'a-z', '.', '_' and '-'.")]
    [InlineData("""{"type":"subscribe","sub":"a b","topics":["x"]}""", "bad-field: 'sub' must be 1 to 64 of '0-9', 'A-Z', 'a-z', '.', '_' and '-'.")]
    [InlineData("""{"type":"subscribe","sub":"a"}""", "missing-field: 'topics' is missing.")]
    [InlineData("""{"type":"subscribe","sub":"a","topics":[]}""", "bad-field: 'topics' must name at least one filter.")]
    [InlineData("""{"type":"subscribe","sub":"a","topics":"x"}""", "bad-field: 'topics' must be an array of texts.")]
    [InlineData("""{"type":"subscribe","sub":"a","topics":["x",[["y"]]],"ref":3}""", "3: bad-field: 'topics' must be an array of texts.")]
    [InlineData("""{"type":"subscribe","sub":"a","topics":["x"],"every":1}""", "bad-field: 'every' must be a text.")]
    [InlineData("""{"type":"subscribe","sub":"a","topics":["x"],"snapshot":"yes"}""", "bad-field: 'snapshot' must be true or false.")]
    [InlineData("""{"type":"publish","payload":1}""", "missing-field: 'topic' is missing.")]
    [InlineData("""{"type":"publish","topic":"x","qos":3}""", "bad-field: 'qos' must be 0, 1 or 2.")]
    [InlineData("""{"type":"publish","topic":"x","payload":"?","encoding":"base64"}""", "bad-field: 'payload' is not base64.")]
    [InlineData("""{"type":"publish","topic":"x","payload":"?","encoding":"hex"}""", "bad-field: 'encoding' can only be 'base64'.")]
    [InlineData("""{"type":"auth"}""", "missing-field: 'token' is missing.")]
    public void What_is_wrong_is_named_with_the_field(string line, string expected) => Said.InJson(line).ShouldBe([expected]);

    [Fact]
    public void A_frame_has_as_many_messages_as_it_has_lines_and_a_wrong_one_harms_no_other()
        => Said.InJson("{\"type\":\"ping\",\"ref\":1}\r\n\n{\"type\":\n{\"type\":\"ping\",\"ref\":2}\n")
            .ShouldBe(["1: ping", "bad-message: Not JSON in one line: wrong at byte 8.", "2: ping"]);

    [Fact]
    public void A_ref_has_at_most_64_characters()
    {
        Said.InJson($$"""{"type":"ping","ref":"{{new string('r', 64)}}"}""").ShouldBe([$"\"{new string('r', 64)}\": ping"]);
        Said.InJson($$"""{"type":"ping","ref":"{{new string('r', 65)}}"}""").ShouldHaveSingleItem().ShouldStartWith("bad-field: 'ref'");
        Said.InJson($$"""{"type":"ping","ref":{{new string('1', 65)}}}""").ShouldHaveSingleItem().ShouldStartWith("bad-field: 'ref'");
    }

    [Fact]
    public void What_is_nested_too_deeply_is_refused()
        => Said.InJson($$"""{"type":"publish","topic":"x","payload":{{new string('[', 100)}}{{new string(']', 100)}}}""").ShouldHaveSingleItem().ShouldStartWith("bad-message");

    [Fact]
    public void A_long_unknown_name_is_not_repeated_whole()
        => Said.InJson($$"""{"type":"ping","{{new string('n', 5000)}}":1}""").ShouldHaveSingleItem().Length.ShouldBeLessThan(100);

    [Fact]
    public void Anything_that_is_text_is_answered()
    {
        var random = new Random(4);
        var sample = Encoding.UTF8.GetBytes("""{"type":"subscribe","ref":1,"sub":"a","topics":["x/#"],"every":"1s","payload":"\u0041","heartbeat":15}""");
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = sample.ToArray();
            for (var changes = random.Next(1, 5); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(9, 128);
            Said.In(Server.Feeds.WebSockets.StreamProtocol.Json, bytes[..random.Next(1, bytes.Length + 1)]);
        }
    }
}
