namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>
/// A compiled condition: the fields it asks for, the questions about them, and how the answers go together (in postfix order). Does not change; any thread.
/// </summary>
internal sealed class ConditionProgram
{
    /// <summary>An answer, and a place on the stack, is one bit each; and few enough to be put together again after every answer.</summary>
    public const int MaxTests = 32;

    /// <summary>Steps below <see cref="MaxTests"/> are the number of a test.</summary>
    public const byte And = 0x80;
    public const byte Or = 0x81;
    public const byte Not = 0x82;

    private readonly FieldTest[] _tests;
    private readonly byte[] _steps;
    private readonly ulong[] _testsOf;
    private readonly ulong[] _testsBelow;

    public ConditionProgram(PathTree paths, FieldTest[] tests, byte[] steps)
    {
        Paths = paths;
        _tests = tests;
        _steps = steps;
        _testsOf = new ulong[PathTree.MaxNodes];
        for (var test = 0; test < tests.Length; test++)
            _testsOf[tests[test].Node] |= 1UL << test;
        _testsBelow = paths.WithBelow(_testsOf);
    }

    public PathTree Paths { get; }

    public FieldTest Test(int number) => _tests[number];

    /// <summary>The tests of the field itself, one bit each.</summary>
    public ulong TestsOf(int node) => _testsOf[node];

    /// <summary>The tests of the field and of all fields in it.</summary>
    public ulong TestsBelow(int node) => _testsBelow[node];

    /// <summary>The answer, as far as it is known when only some tests are <paramref name="answered"/>; null when the others decide.</summary>
    public bool? Answer(ulong answered, ulong passed)
    {
        // Two stacks of bits, the top at the bottom: can it still be true, can it still be false.
        var canPass = passed | ~answered;
        var canFail = ~passed | ~answered;
        ulong passes = 0, fails = 0;
        foreach (var step in _steps)
        {
            switch (step)
            {
                case And:
                    passes = passes >> 1 & (passes | ~1UL);
                    fails = fails >> 1 | fails & 1;
                    break;
                case Or:
                    passes = passes >> 1 | passes & 1;
                    fails = fails >> 1 & (fails | ~1UL);
                    break;
                case Not:
                    var differ = (passes ^ fails) & 1;
                    passes ^= differ;
                    fails ^= differ;
                    break;
                default:
                    passes = passes << 1 | canPass >> step & 1;
                    fails = fails << 1 | canFail >> step & 1;
                    break;
            }
        }
        return (passes & 1) == 0 ? false : (fails & 1) == 0 ? true : null;
    }
}
