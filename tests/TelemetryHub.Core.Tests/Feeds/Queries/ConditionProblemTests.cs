using System.Diagnostics;
using System.Text;
using TelemetryHub.Core.Feeds.Queries;

namespace TelemetryHub.Core.Tests.Feeds.Queries;

public class ConditionProblemTests
{
    [Theory]
    [InlineData("", "at character 1: expected a field, found the end")]
    [InlineData("temp >", "at character 7: expected a number, a text in quotes, true, false or null, found the end")]
    [InlineData("temp > hot", "at character 8: expected a number, a text in quotes, true, false or null, found 'hot'")]
    [InlineData("größe > hot", "at character 9: expected a number, a text in quotes, true, false or null, found 'hot'")]
    [InlineData("temp 30", "at character 6: expected 'and', 'or' or the end, found '30'")]
    [InlineData("temp > 30 and", "at character 14: expected a field, found the end")]
    [InlineData("(temp > 30", "at character 11: expected 'and', 'or' or ')', found the end")]
    [InlineData("temp > 30)", "at character 10: expected 'and', 'or' or the end, found ')'")]
    [InlineData("1 < temp < 3", "at character 10: expected 'and', 'or' or the end, found '<'")]
    [InlineData("1", "at character 2: expected a comparison, found the end")]
    [InlineData("1 = 2", "at character 5: expected a field, found '2'")]
    [InlineData("temp > 'warm", "at character 8: the text that begins here has no end")]
    [InlineData("temp > '\\x'", "at character 8: the text that begins here has an escape that JSON does not know")]
    [InlineData("temp > '\\ud800'", "at character 8: the text that begins here has half of a surrogate pair")]
    [InlineData("temp > 030", "at character 8: expected a number as JSON has it, found '030'")]
    [InlineData("temp > 1e999", "at character 8: the number is too large")]
    [InlineData("ok > true", "at character 6: only numbers and texts are more or less than others")]
    [InlineData("and > 1", "at character 1: expected a field (a reserved word in the place of one is written [\"so\"]), found 'and'")]
    [InlineData("a..b = 1", "at character 3: expected a name, found '.'")]
    [InlineData("a[-1] = 1", "at character 3: expected the number of an element, from 0 on, or a name in quotes, found '-1'")]
    [InlineData("a[1234567890] = 1", "at character 3: no element has this number")]
    [InlineData("a[1.5] = 1", "at character 3: no element has this number")]
    [InlineData("null < a", "at character 1: only numbers and texts are more or less than others")]
    [InlineData("a[1 = 1", "at character 5: expected ']', found '='")]
    [InlineData("exists(a", "at character 9: expected ')', found the end")]
    [InlineData("a in 1", "at character 6: expected '(', found '1'")]
    [InlineData("a in ()", "at character 7: expected a number")]
    [InlineData("a in (1;2)", "at character 8: expected ',' or ')', found ';'")]
    [InlineData("a = 1\0", "at character 6: expected 'and', 'or' or the end, found U+0000")]
    [InlineData("@a = 1", "at character 1: expected a field, found '@'")]
    public void A_problem_says_where_it_is_and_what_was_expected(string condition, string expected) => Problem(condition).ShouldStartWith(expected, Case.Sensitive, Problem(condition));

    [Fact]
    public void What_a_condition_may_ask_for_is_bounded()
    {
        Problem("a = '" + new string('x', 1_000) + "'").ShouldBe("is longer than 1000 characters");
        Problem(Joined(32)).ShouldBeNull();
        Problem(Joined(33)).ShouldNotBeNull().ShouldContain("at most 32 comparisons");
        Problem(new string('(', 32) + "a" + new string(')', 32)).ShouldBeNull();
        Problem(new string('(', 33) + "a" + new string(')', 33)).ShouldNotBeNull().ShouldContain("at most 32 parentheses");
        Problem(string.Join('.', Enumerable.Repeat("a", 16))).ShouldBeNull();
        Problem(string.Join('.', Enumerable.Repeat("a", 17))).ShouldNotBeNull().ShouldContain("at most 16 steps");
        Problem(string.Join(" or ", Enumerable.Range(0, 16).Select(i => $"a{i}.b.c.d.e"))).ShouldNotBeNull().ShouldContain("at most 63 different fields");
        Problem(string.Concat(Enumerable.Repeat("!", 998)) + "a").ShouldBeNull();

        static string Joined(int count) => string.Join(" or ", Enumerable.Repeat("a=1", count));
    }

    [Fact]
    public void Text_from_anyone_never_throws_and_never_hangs()
    {
        string[] parts =
        [
            "a", "b.c", "[0]", "[\"x\"]", "$", "=", "!=", "<", ">=", "1", "-2.5e3", "'t'", "\"u\"", "'", "\"", "\\", "\\u12", "(", ")", "!", "not", "and", "or", "&&", "||", "in", "exists", ",", "[", "]", ".", "null", "true", "\u00e9",
            "\ud800", "\0", "\n", "@",
        ];
        var random = new Random(7);
        var clock = Stopwatch.StartNew();
        var valid = 0;
        for (var round = 0; round < 300_000 && clock.ElapsedMilliseconds < 1_500; round++)
        {
            var text = new StringBuilder();
            for (var count = random.Next(10); count >= 0; count--)
                text.Append(parts[random.Next(parts.Length)]).Append(random.Next(2) == 0 ? " " : "");
            var isValid = PayloadCondition.TryParse(text.ToString(), out var condition, out var problem);
            (condition is not null, problem is null).ShouldBe((isValid, isValid), text.ToString());
            FieldSelection.TryParse(text.ToString(), out var fields, out problem).ShouldBe(problem is null, text.ToString());
            (fields is null).ShouldBe(problem is not null);
            valid += isValid ? 1 : 0;
        }
        valid.ShouldBeGreaterThan(50);
    }

    private static string? Problem(string text) => PayloadCondition.TryParse(text, out _, out var problem) ? null : problem;
}
