using System.Numerics;
using System.Text.Unicode;
using TelemetryHub.Core.Feeds.Json;

namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>
/// One look at one payload, on the stack. Stops when the answer is no; when it is yes, the rest is only looked at for being JSON.
/// Recursion goes as deep as the paths do, not as the payload.
/// </summary>
internal ref struct ConditionRun(ConditionProgram program, ReadOnlySpan<byte> payload)
{
    private readonly ConditionProgram _program = program;
    private readonly ReadOnlySpan<byte> _payload = payload;
    private JsonCursor _cursor = new(payload);
    private ulong _met;
    private ulong _answered;
    private ulong _passed;
    private bool? _answer;

    public bool Matches()
    {
        Visit(PathTree.Root);
        return _answer == true && _cursor.IsAtEnd && Utf8.IsValid(_payload);
    }

    private void Visit(int node)
    {
        switch (_cursor.Peek())
        {
            case (byte)'{':
                Ask(node, JsonScalar.Of(JsonKind.Object));
                VisitMembers(node);
                break;
            case (byte)'[':
                Ask(node, JsonScalar.Of(JsonKind.Array));
                VisitElements(node);
                break;
            case (byte)'"':
                Ask(node, JsonScalar.Of(_cursor.ReadText()));
                break;
            default:
                var bare = _cursor.ReadBare();
                if (!_cursor.Failed)
                    Ask(node, JsonScalar.OfBare(bare));
                break;
        }
        // What was not found in it is not there.
        Settle(_program.TestsBelow(node));
    }

    private void VisitMembers(int node)
    {
        if (!_program.Paths.HasChildren(node))
        {
            _cursor.Skip();
            return;
        }
        var isInside = false;
        while (_answer != false && _cursor.NextMember(ref isInside, out var name))
            VisitOrSkip(_answer is null ? _program.Paths.Find(node, name) : 0);
    }

    private void VisitElements(int node)
    {
        if (!_program.Paths.HasChildren(node))
        {
            _cursor.Skip();
            return;
        }
        var isInside = false;
        for (var index = 0; _answer != false && _cursor.NextElement(ref isInside); index++)
            VisitOrSkip(_answer is null ? _program.Paths.Find(node, index) : 0);
    }

    // Of members with the same name the first one counts: then an answer does not change any more.
    private void VisitOrSkip(int node)
    {
        var bit = 1UL << node;
        if (node == 0 || (_met & bit) != 0)
        {
            _cursor.Skip();
            return;
        }
        _met |= bit;
        Visit(node);
    }

    private void Ask(int node, JsonScalar value)
    {
        var tests = _program.TestsOf(node);
        for (var rest = tests; rest != 0; rest &= rest - 1)
        {
            if (_program.Test(BitOperations.TrailingZeroCount(rest)).Holds(value))
                _passed |= rest & (~rest + 1);
        }
        Settle(tests);
    }

    private void Settle(ulong tests)
    {
        if (_answer is not null || (tests & ~_answered) == 0)
            return;
        _answered |= tests;
        _answer = _program.Answer(_answered, _passed);
    }
}
