using System.Text;
using TelemetryHub.Server.Feeds.Publishing;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

public class EventLineTests
{
    [Theory]
    [InlineData("""{"topic":"a/b","payload":"text"}""", "a/b", "text", null, null)]
    [InlineData("""{"payload":"a \"quoted\" \u00fc\n","topic":"k\u00fcche"}""", "küche", "a \"quoted\" ü\n", null, null)]
    [InlineData("""{"topic":"a","payload":21.50}""", "a", "21.50", null, null)]
    [InlineData("""{"topic":"a","payload": {"x" : [1, {"y":null}]} ,"qos":2,"retain":true}""", "a", """{"x" : [1, {"y":null}]}""", 2, true)]
    [InlineData("""{"topic":"a","payload":null,"qos":0,"retain":false}""", "a", "null", 0, false)]
    [InlineData("""{"topic":"a","payload":""}""", "a", "", null, null)]
    [InlineData("""{"topic":"a","encoding":"base64","payload":"aGVsbG8="}""", "a", "hello", null, null)]
    [InlineData("""{"id":"e-5","topic":"a","time":"2026-01-31T12:00:00.000Z","qos":1,"retain":false,"client":"c","payload":{}}""", "a", "{}", 1, false)]
    internal void A_line_is_a_publish(string line, string topic, string payload, int? qos, bool? retain)
    {
        var utf8 = Encoding.UTF8.GetBytes(line);
        EventLine.TryRead(utf8, out var read, out var problem).ShouldBeTrue(problem);

        Encoding.UTF8.GetString(read.Topic!).ShouldBe(topic);
        Encoding.UTF8.GetString(read.PayloadIn(utf8)).ShouldBe(payload);
        ((int?)read.QoS).ShouldBe(qos);
        read.Retain.ShouldBe(retain);
        read.IsControl.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"type":"cursor","id":"e-9"}""")]
    [InlineData("""{"type":"gap","id":"e-6","missed":5,"from":"e-1","to":"e-6","reason":"slow"}""")]
    [InlineData("""{"type":"bye","reason":"shutdown"}""")]
    public void What_a_stream_says_of_itself_is_passed_over(string line)
    {
        EventLine.TryRead(Encoding.UTF8.GetBytes(line), out var read, out _).ShouldBeTrue();

        read.IsControl.ShouldBeTrue();
    }

    [Theory]
    [InlineData("21.5", "It is not an object: {\"topic\":…,\"payload\":…}.")]
    [InlineData("", "It is not JSON.")]
    [InlineData("{\"topic\":\"a\",\"payload\":1", "It is not JSON.")]
    [InlineData("{\"topic\":\"a\",\"payload\":1}}", "It is not JSON.")]
    [InlineData("{\"topic\":\"a\",\"payload\":\"\\ud800\"}", "It is not JSON.")]
    [InlineData("{\"payload\":1}", "'topic' is missing.")]
    [InlineData("{\"topic\":\"a/#\",\"payload\":1}", "'topic' is not a topic (plant/oven-3/temp, without '+' and '#').")]
    [InlineData("{\"topic\":7,\"payload\":1}", "'topic' has a wrong value.")]
    [InlineData("{\"topic\":\"a\"}", "'payload' is missing.")]
    [InlineData("{\"topic\":\"a\",\"payload\":1,\"qos\":3}", "'qos' has a wrong value.")]
    [InlineData("{\"topic\":\"a\",\"payload\":1,\"retain\":1}", "'retain' has a wrong value.")]
    [InlineData("{\"topic\":\"a\",\"payload\":1,\"retian\":true}", "There is no 'retian' in a publish.")]
    [InlineData("{\"topic\":\"a\",\"payload\":\"x\",\"encoding\":\"hex\"}", "'encoding' has a wrong value.")]
    [InlineData("{\"topic\":\"a\",\"payload\":\"!\",\"encoding\":\"base64\"}", "Its payload is not base64.")]
    [InlineData("{\"topic\":\"a\",\"payload\":1,\"encoding\":\"base64\"}", "A payload in base64 is a string.")]
    public void What_is_wrong_with_a_line_is_told(string line, string expected)
    {
        EventLine.TryRead(Encoding.UTF8.GetBytes(line), out _, out var problem).ShouldBeFalse();

        problem.ShouldBe(expected);
    }

    [Fact]
    public void A_line_is_UTF_8()
    {
        EventLine.TryRead([.. "{\"topic\":\"a\",\"payload\":\""u8, 0xff, .. "\"}"u8], out _, out var problem).ShouldBeFalse();

        problem.ShouldBe("It is not UTF-8.");
    }
}
