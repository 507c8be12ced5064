using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using TelemetryHub.Core.Feeds.Json;
using TelemetryHub.Mqtt.Tests;

namespace TelemetryHub.Core.Tests.Feeds.Json;

public class JsonScanTests
{
    private const int Seed = 20_250_701;

    [Fact]
    public void Every_kind_of_value_is_json() => JsonSamples.Valid.ShouldAllBe(sample => JsonScan.IsValue(sample));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("01")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1e")]
    [InlineData("1 2")]
    [InlineData("tru")]
    [InlineData("truely")]
    [InlineData("NaN")]
    [InlineData("'a'")]
    [InlineData("\"a")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\\u12")]
    [InlineData("\"a\nb\"")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1}")]
    [InlineData("[1")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\":1]")]
    [InlineData("{}}")]
    [InlineData("// a remark\n1")]
    [InlineData("\ufeff1")]
    [InlineData("1\0")]
    public void What_the_grammar_does_not_know_is_not_json(string text) => JsonScan.IsValue(Encoding.UTF8.GetBytes(text)).ShouldBeFalse();

    [Theory]
    [InlineData("22FF22")]
    [InlineData("22C322")]
    [InlineData("22C0AF22")]
    [InlineData("22EDA08022")]
    public void What_is_not_utf_8_is_not_json(string hex) => JsonScan.IsValue(Convert.FromHexString(hex)).ShouldBeFalse();

    [Theory]
    [InlineData(JsonScan.MaxDepth, true)]
    [InlineData(JsonScan.MaxDepth + 1, false)]
    [InlineData(1_000_000, false)]
    public void Nesting_is_bounded(int depth, bool expected)
    {
        JsonScan.IsValue(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth))).ShouldBe(expected);
        JsonScan.IsValue(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth))).ShouldBe(expected);
    }

    [Fact]
    public void The_verdict_on_damaged_texts_is_that_of_the_platforms_reader()
    {
        var random = new Random(Seed);
        var clock = Stopwatch.StartNew();
        var valid = 0;
        for (var round = 0; round < 1_000_000 && clock.ElapsedMilliseconds < 2_000; round++)
        {
            var bytes = JsonSamples.Damaged(random);
            var expected = IsJson(bytes);
            if (JsonScan.IsValue(bytes) != expected)
                Assert.Fail($"Round {round}: {!expected} for {Convert.ToHexString(bytes)} {Encoding.UTF8.GetString(bytes)}");
            valid += expected ? 1 : 0;
        }
        valid.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Looking_at_a_payload_allocates_nothing_whatever_it_is()
    {
        var random = new Random(Seed);
        var payloads = Enumerable.Range(0, 1_000).Select(_ => JsonSamples.Damaged(random)).Concat(JsonSamples.Valid).ToArray();
        AllocatedBytes.ByWarm(() =>
        {
            foreach (var payload in payloads)
                JsonScan.IsValue(payload);
        }).ShouldBe(0);
    }

    // The platform's reader does not look at the UTF-8 inside strings.
    private static bool IsJson(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
            return false;
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = JsonScan.MaxDepth });
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
