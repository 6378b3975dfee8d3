using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Foundation;
using Strata.Compiler.KernelLanguage;
using Index = Strata.Compiler.KernelLanguage.Index;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>
/// What a kernel asks of the processor and of the JIT, known before anything is printed. Operations are exact. The size of the method is an
/// estimate, and a little too large: the C# compiler keeps some variables on the evaluation stack.
/// </summary>
/// <param name="Written">Operations in the method's code.</param>
/// <param name="Run">Operations of one call, with those of its functions. A loop of unknown length counts once; of a choice, both sides
/// count.</param>
/// <param name="Locals">Arguments and variables.</param>
/// <param name="References">Instructions that read or set one of them.</param>
/// <param name="Instructions">Of intermediate language.</param>
/// <param name="Bytes">Of intermediate language.</param>
/// <param name="BasicBlocks">Parts between jumps.</param>
/// <param name="Temporaries">What the JIT may have to keep while it inlines short methods: arguments that are no variables.</param>
internal sealed record Budget(
    Operations Written, Operations Run, int Locals, int References, int Instructions, int Bytes, int BasicBlocks, int Temporaries)
{
    /// <summary>
    /// Whether the JIT optimizes the method: beyond one of these limits it does not (DEFAULT_MIN_OPTS_… in its sources). It would take
    /// 2,000 variables, but with 512 of them it inlines nothing more (MAX_LV_NUM_COUNT_FOR_INLINING). Unrolled code reaches 8,000
    /// references first.
    /// </summary>
    public bool IsOptimized => Bytes <= 60_000 && Instructions <= 20_000 && BasicBlocks <= 2_000 && Locals + Temporaries < 512
        && References <= 8_000;

    public static Budget Of(Nest nest) => new Walk().Of(nest);

    private sealed class Walk
    {
        private Operations _written, _run;
        private long _rounds = 1;
        private int _locals, _references, _instructions, _bytes, _blocks = 1, _temporaries;

        public Budget Of(Nest nest)
        {
            Add(nest.Body);
            Emit(1);
            return new(_written, _run, nest.Parameters.Count + _locals, _references, _instructions, _bytes, _blocks, _temporaries);
        }

        private void Add(Statement statement)
        {
            switch (statement)
            {
                case Declare declare:
                    _locals += declare.Bindings.Count;
                    Each(declare.Bindings, b => Set(b.Value));
                    break;
                case DeclareZeros zeros:
                    _locals += zeros.Variables.Count;
                    Refer(zeros.Variables.Count);
                    Emit(1, zeros.Variables.Count);
                    break;
                case Assign assign:
                    Set(assign.Value);
                    break;
                case Store { Target: var target, Value: var value }:
                    Count(Operations.Store);
                    Add(value);
                    Address(target, value.Type.IsWide && !target.Pointer.Element.IsWide);
                    Emit(value.Type.IsWide ? 5 : 1);
                    break;
                case Point point:
                    _locals += point.Declares ? point.Bindings.Count : 0;
                    Each(point.Bindings, b => Address(b.Target));
                    Refer(point.Bindings.Count);
                    break;
                case Allocate or Table:
                    _locals += statement is Allocate ? 2 : 1;
                    Refer(statement is Allocate ? 3 : 1);
                    Emit(5, 3);
                    break;
                case For loop:
                    Add(loop);
                    break;
                case Evaluate evaluate:
                    Add(evaluate.Call);
                    break;
                case Return result:
                    Add(result.Value);
                    break;
                case Group group:
                    Each(group.Statements, Add);
                    break;
                case Block block:
                    Each(block.Statements, Add);
                    break;
                case Comment:
                    break;
                default:
                    throw new InvalidOperationException($"{statement.GetType().Name} has no budget.");
            }
        }

        private void Add(For loop)
        {
            (long outer, int start) = (_rounds, _bytes);
            _locals++;
            Set(loop.First);
            if (loop is { First: Number { Value: var first }, End: Number { Value: var end }, Step: Number { Value: var step } })
            {
                _rounds *= Math.Max(0, Arithmetic.CeilingDivide(end - first, step));
            }

            Add(loop.Body);
            _rounds = outer;
            Refer(3);
            Emit(1, 2);
            Add(loop.End);
            Branch(_bytes - start);
        }

        private void Add(Expression expression)
        {
            switch (expression)
            {
                case Number { Value: var value }:
                    Emit(value is >= -1 and <= 8 ? 1 : value is >= sbyte.MinValue and <= sbyte.MaxValue ? 2 : 5);
                    break;
                case Constant or Default:
                    Emit(5, expression is Constant { Type.IsWide: true, Pattern: not 0 } ? 2 : 1);
                    break;
                case Variable or IndexVariable:
                    Refer(1);
                    break;
                case Load { Source: var source, Type: var type }:
                    Count(Operations.Load);
                    Address(source, type != source.Pointer.Element);
                    Emit(type.IsWide ? 5 : 1);
                    break;
                case IndexLoad load:
                    Count(Operations.Load);
                    Address(load.Source);
                    Emit(1);
                    break;
                case AddressOf address:
                    Address(address.Target);
                    break;
                case Select { Mask.Type.IsWide: false } or IndexChoice:
                    Each(expression.Operands, Add);
                    Branch(0);

                    // A choice within a choice ends where the outer one does: the compiler jumps there at once.
                    _blocks -= expression.Operands.Skip(1).Count(IsBranch);
                    break;
                case Call { Function: var function } call:
                    _run += function is DefinedFunction defined ? Budget.Of(defined.Nest).Run * _rounds : default;
                    Count(function is DefinedFunction ? default
                        : function.Name is "FusedMultiplyAdd" or "MultiplyAddEstimate" ? Operations.MultiplyAdd : Operations.Other);
                    _temporaries += function.Name is "FusedMultiplyAdd" or "MultiplyAddEstimate" && call.Type.IsWide
                        ? call.Arguments.Count(argument => argument is not Variable) : 0;
                    Each(call.Arguments, a => Add(a is Load { Type.Kind: ElementKind.LongSum } sum ? new AddressOf(sum.Source) : a));
                    Emit(5);
                    break;
                case LaneConstants lanes:
                    Each(lanes.Values, lane => Add((Number)lane));
                    Emit(5);
                    break;
                default:
                    _temporaries += expression is Broadcast && expression.Operands[0] is not Variable ? 1 : 0;
                    Each(expression.Operands, Add);
                    Count(expression is Index or Conversion or Binary { Left: Index, Right: Index } ? default : Operations.Other);
                    Emit(expression.Type.IsWide || expression is IndexCall ? 5 : 1);
                    break;
            }
        }

        /// <param name="place">What is read or written.</param>
        /// <param name="isVector">Whether a number behind the rest of the offset is an argument of its own.</param>
        private void Address(Reference place, bool isVector = false)
        {
            if (isVector && place.Offset is Number { Value: > 0 } or IndexBinary { Operator: BinaryOperator.Add, Right: Number })
            {
                Add(place.Offset is IndexBinary { Right: var last } ? last : place.Offset);
                Emit(1);
                place = place with { Offset = place.Offset is IndexBinary { Left: var rest } ? rest : 0 };
            }

            Refer(1);
            if (place.Pointer.IsSpan || !place.Offset.Is(0))
            {
                Add(place.Offset);
                Emit(5);

                // A native offset; the place may be the argument of another short method.
                bool isShort = place.Pointer.Element == ElementType.Float && !place.Pointer.IsSpan;
                Emit(1, isShort ? 1 : 0);
                _temporaries += !isShort ? 0 : (place.Offset is Number or IndexVariable ? 0 : 1) + (isVector ? 1 : 0);
            }
        }

        private void Set(Expression? value)
        {
            if (value is not null)
            {
                Add(value);
                Refer(1);
            }
        }

        private void Refer(int count)
        {
            _references += count;
            Emit(2, count);
        }

        private static bool IsBranch(Expression expression) => expression is Select { Mask.Type.IsWide: false } or IndexChoice;

        private void Branch(int distance)
        {
            _blocks += 3;
            Emit(distance > sbyte.MaxValue ? 5 : 2, 2);
        }

        private void Emit(int bytes, int instructions = 1) =>
            (_bytes, _instructions) = (_bytes + (bytes * instructions), _instructions + instructions);

        private void Count(Operations operations) => (_written, _run) = (_written + operations, _run + (operations * _rounds));

        private static void Each<T>(IEnumerable<T> items, Action<T> add)
        {
            foreach (T item in items)
            {
                add(item);
            }
        }
    }
}
