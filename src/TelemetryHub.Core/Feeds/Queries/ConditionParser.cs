using TelemetryHub.Core.Feeds.Json;

namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>
/// <code>
/// condition = all *( ( "or" / "||" ) all )
/// all       = one *( ( "and" / "&amp;&amp;" ) one )
/// one       = *( "not" / "!" ) ( "(" condition ")" / test )
/// test      = path [ comparison literal ] / literal comparison path / path "in" "(" literal *( "," literal ) ")" / "exists" "(" path ")"
/// </code>
/// </summary>
internal sealed class ConditionParser
{
    // The parser calls itself for each, and so could be made to overflow the stack.
    private const int MaxParentheses = 32;
    private const string LiteralKinds = "a number, a text in quotes, true, false or null";

    private readonly QueryText _text;
    private readonly PathTree _paths = new();
    private readonly PathParser _path;
    private readonly List<FieldTest> _tests = [];
    private readonly List<byte> _steps = [];
    private int _parentheses;

    private ConditionParser(string text)
    {
        _text = new QueryText(text);
        _path = new PathParser(_text, _paths);
    }

    /// <summary>Null and a problem when the text is not a condition.</summary>
    public static ConditionProgram? Parse(string text, out string? problem)
    {
        var parser = new ConditionParser(text);
        if (parser._text.Problem is null && parser.Any() && !parser._text.IsAtEnd)
            parser._text.Expected("'and', 'or' or the end");
        problem = parser._text.Problem;
        return problem is null ? new ConditionProgram(parser._paths, [.. parser._tests], [.. parser._steps]) : null;
    }

    private bool Any()
    {
        if (!All())
            return false;
        while (_text.TakeWord("or"u8) || _text.Take("||"u8))
        {
            if (!All())
                return false;
            _steps.Add(ConditionProgram.Or);
        }
        return true;
    }

    private bool All()
    {
        if (!One())
            return false;
        while (_text.TakeWord("and"u8) || _text.Take("&&"u8))
        {
            if (!One())
                return false;
            _steps.Add(ConditionProgram.And);
        }
        return true;
    }

    private bool One()
    {
        var isTurned = false;
        while (_text.TakeWord("not"u8) || _text.Take("!"u8))
            isTurned = !isTurned;
        if (!(_text.Take("("u8) ? InParentheses() : Test()))
            return false;
        if (isTurned)
            _steps.Add(ConditionProgram.Not);
        return true;
    }

    private bool InParentheses()
    {
        if (++_parentheses > MaxParentheses)
            return _text.Fails($"at most {MaxParentheses} parentheses in each other");
        if (!Any())
            return false;
        _parentheses--;
        return _text.Take(")"u8) || _text.Expected("'and', 'or' or ')'");
    }

    private bool Test()
    {
        if (_text.TakeCall("exists"u8))
            return _path.TryRead(IsReserved, out var there) && (_text.Take(")"u8) || _text.Expected("')'")) && TryAdd(there, FieldCheck.Exists);
        if (TryLiteral(out var literal))
            return LiteralFirst(literal);
        if (_text.Problem is not null || !_path.TryRead(IsReserved, out var node))
            return false;
        if (_text.TakeWord("in"u8))
            return OneOf(node);
        if (!TryComparison(out var check))
            return TryAdd(node, FieldCheck.IsTrue);
        if (!TryLiteral(out literal))
            return _text.Problem is null && _text.Expected(LiteralKinds);
        return HasOrder(check, literal) && TryAddComparison(node, check, literal);
    }

    // 30 < temp is temp > 30.
    private bool LiteralFirst(Literal literal)
    {
        if (!TryComparison(out var check))
            return _text.Expected("a comparison");
        return HasOrder(check, literal) && _path.TryRead(IsReserved, out var node) && TryAddComparison(node, Turned(check), literal);
    }

    private bool OneOf(int node)
    {
        if (!_text.Take("("u8))
            return _text.Expected("'('");
        var literals = new List<Literal>();
        do
        {
            if (!TryLiteral(out var literal))
                return _text.Problem is null && _text.Expected(LiteralKinds);
            literals.Add(literal);
        }
        while (_text.Take(","u8));
        return _text.Take(")"u8) ? TryAdd(node, FieldCheck.OneOf, [.. literals]) : _text.Expected("',' or ')'");
    }

    // False without a problem when there is none here.
    private bool TryLiteral(out Literal literal)
    {
        literal = Literal.Word(JsonKind.Null);
        switch (_text.Peek())
        {
            case (byte)'"' or (byte)'\'':
                return _text.TryQuoted(out var utf8) && (literal = Literal.Text(utf8)) is not null;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                if (!_text.TryNumber(out var number))
                    return _text.Expected("a number as JSON has it");
                literal = Literal.Number(number);
                return literal.IsFinite || _text.LastFails("the number is too large");
        }
        if (_text.TakeWord("true"u8))
            literal = Literal.Word(JsonKind.True);
        else if (_text.TakeWord("false"u8))
            literal = Literal.Word(JsonKind.False);
        else
            return _text.TakeWord("null"u8);
        return true;
    }

    private bool TryComparison(out FieldCheck check)
    {
        check = FieldCheck.Exists;
        if (_text.Take("=="u8) || _text.Take("="u8))
            check = FieldCheck.Equal;
        else if (_text.Take("!="u8) || _text.Take("<>"u8))
            check = FieldCheck.NotEqual;
        else if (_text.Take("<="u8))
            check = FieldCheck.LessOrEqual;
        else if (_text.Take(">="u8))
            check = FieldCheck.GreaterOrEqual;
        else if (_text.Take("<"u8))
            check = FieldCheck.Less;
        else if (_text.Take(">"u8))
            check = FieldCheck.Greater;
        return check != FieldCheck.Exists;
    }

    private bool HasOrder(FieldCheck check, Literal literal) => check is FieldCheck.Equal or FieldCheck.NotEqual || literal.HasOrder
        || _text.LastFails("only numbers and texts are more or less than others; true, false and null are equal or not");

    private bool TryAddComparison(int node, FieldCheck check, Literal literal) =>
        check == FieldCheck.NotEqual && literal.Kind == JsonKind.Null ? TryAdd(node, FieldCheck.IsNotNull) : TryAdd(node, check, literal);

    private bool TryAdd(int node, FieldCheck check, params Literal[] literals)
    {
        if (_tests.Count == ConditionProgram.MaxTests)
            return _text.Fails($"at most {ConditionProgram.MaxTests} comparisons");
        _steps.Add((byte)_tests.Count);
        _tests.Add(new FieldTest(node, check, literals));
        return true;
    }

    private static FieldCheck Turned(FieldCheck check) => check switch
    {
        FieldCheck.Less => FieldCheck.Greater,
        FieldCheck.LessOrEqual => FieldCheck.GreaterOrEqual,
        FieldCheck.Greater => FieldCheck.Less,
        FieldCheck.GreaterOrEqual => FieldCheck.LessOrEqual,
        _ => check,
    };

    private static bool IsReserved(QueryText text) =>
        text.IsNext("and"u8) || text.IsNext("or"u8) || text.IsNext("not"u8) || text.IsNext("in"u8) || text.IsNext("true"u8) || text.IsNext("false"u8) || text.IsNext("null"u8);
}
