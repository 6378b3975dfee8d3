using System;
using System.Collections.Generic;

namespace Strata.Compiler.KernelLanguage;

/// <summary>Size and hash of a kernel, computed in one walk. They tell most kernels apart without a full comparison.</summary>
/// <param name="Size">Statements and expressions.</param>
/// <param name="Hash">A hash of the form and of all numbers, but not of names: kernels that differ only in names are rare, and a comparison
/// finds them.</param>
internal readonly record struct Fingerprint(int Size, int Hash)
{
    public static Fingerprint Compute(Statement statement)
    {
        var walk = new Walk();
        walk.Add(statement);
        return new Fingerprint(walk.Size, walk.Hash);
    }

    private sealed class Walk
    {
        // One for all expressions: a kernel has thousands, most of them of a few parts.
        private readonly Stack<Expression> _open = new();

        public int Size { get; private set; }

        public int Hash { get; private set; }

        public void Add(Statement statement)
        {
            switch (statement)
            {
                case Group group:
                    Add(group.Statements);
                    break;
                case Block block:
                    Add(block.Statements);
                    break;
                case For loop:
                    Add(loop);
                    break;
                case Declare declare:
                    Add(declare);
                    break;
                case Point point:
                    Add(point);
                    break;
                case Store store:
                    Count(6);
                    Add(store.Target.Offset);
                    Add(store.Value);
                    break;
                case Assign assign:
                    Count(1, size: 2);
                    Add(assign.Value);
                    break;
                case Evaluate evaluate:
                    Count(9);
                    Add(evaluate.Call);
                    break;
                case Return result:
                    Count(10);
                    Add(result.Value);
                    break;
                case DeclareZeros zeros:
                    Count(8, size: zeros.Variables.Count + 1);
                    break;
                case Table table:
                    Count(table.GetHashCode(), size: table.Values.Count + 1);
                    break;
                case Allocate allocate:
                    Count(allocate.Length);
                    break;
                case Comment:
                    Count(11);
                    break;
                default:
                    throw new InvalidOperationException($"{statement.GetType().Name} has no fingerprint.");
            }
        }

        private void Add(For loop)
        {
            Count(7 + (loop.Step is Number step ? step.Value : 0));
            Add(loop.First);
            Add(loop.End);
            Add(loop.Body);
        }

        private void Add(Declare declare)
        {
            Count(4);
            foreach (Binding binding in declare.Bindings)
            {
                Count(5);
                if (binding.Value is { } value)
                {
                    Add(value);
                }
            }
        }

        private void Add(Point point)
        {
            Count(2);
            foreach (PointerBinding binding in point.Bindings)
            {
                Count(3);
                Add(binding.Target.Offset);
            }
        }

        private void Add(EquatableArray<Statement> statements)
        {
            Count(12);
            foreach (Statement statement in statements)
            {
                Add(statement);
            }
        }

        private void Add(Expression root)
        {
            _open.Push(root);
            while (_open.Count > 0)
            {
                Cancellation.ThrowIfRequested();
                Expression expression = _open.Pop();
                Count(TokenOf(expression));
                IReadOnlyList<Expression> operands = expression.Operands;
                for (int i = operands.Count - 1; i >= 0; i--)
                {
                    _open.Push(operands[i]);
                }
            }
        }

        private static int TokenOf(Expression expression) => expression switch
        {
            Number number => number.Value,
            IndexVariable or Variable or Default => 13,
            IndexBinary binary => 20 + (int)binary.Operator,
            Binary binary => 40 + (int)binary.Operator,
            Load => 14,
            Broadcast => 15,
            Call call => call.Function.Name.Length,
            Constant or LaneConstants => expression.GetHashCode(),
            _ => 16,
        };

        private void Count(int token, int size = 1)
        {
            Size += size;
            Hash = unchecked((Hash * 16777619) ^ token);
        }
    }
}
