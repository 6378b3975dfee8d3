using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics;
using Strata.CompilerServices;
using Strata.Compiler.KernelLanguage;
using ElementType = Strata.Compiler.KernelLanguage.ElementType;
using NestParameter = Strata.Compiler.KernelLanguage.Parameter;
using Range = (System.Array Memory, int Offset);

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>
/// Runs nests over arrays, in single precision as compiled code does. An access outside of an array is an error, and so is a node that it
/// does not know.
/// </summary>
/// <param name="lanes">Floats in a vector.</param>
internal sealed class NestInterpreter(int lanes)
{
    private readonly Dictionary<string, object> _values = [];
    private readonly Dictionary<string, Range> _pointers = [];
    private Operations _counted;
    private object? _result;

    /// <param name="nest">What is run.</param>
    /// <param name="lanes">Floats in a vector.</param>
    /// <param name="arguments">Arrays with offsets for pointers; integers, floats or vectors for values.</param>
    /// <returns>What the nest returns; null for none.</returns>
    public static object? Run(Nest nest, int lanes, IReadOnlyList<object> arguments) => Run(nest, lanes, arguments, out _);

    /// <inheritdoc cref="Run(Nest, int, IReadOnlyList{object})"/>
    /// <param name="nest">What is run.</param>
    /// <param name="lanes">Floats in a vector.</param>
    /// <param name="arguments">Arrays with offsets for pointers; integers, floats or vectors for values.</param>
    /// <param name="counted">Multiply-adds, loads and stores that were done, but for those of long sums.</param>
    public static object? Run(Nest nest, int lanes, IReadOnlyList<object> arguments, out Operations counted)
    {
        var interpreter = new NestInterpreter(lanes);
        foreach ((NestParameter parameter, object argument) in nest.Parameters.Zip(arguments))
        {
            if (parameter is PointerParameter)
            {
                interpreter._pointers[parameter.Name] = (Range)argument;
            }
            else
            {
                interpreter._values[parameter.Name] = argument;
            }
        }

        interpreter.Run(nest.Body);
        counted = interpreter._counted;
        return interpreter._result;
    }

    private void Run(Statement statement)
    {
        switch (statement)
        {
            case Block block:
                RunAll(block.Statements);
                break;
            case Group group:
                RunAll(group.Statements);
                break;
            case Declare declare:
                foreach (Binding binding in declare.Bindings)
                {
                    _values[NameOf(binding.Variable)] = Of(binding.Value!);
                }

                break;
            case DeclareZeros zeros:
                foreach (Variable variable in zeros.Variables)
                {
                    _values[variable.Name] = Wide(_ => 0f);
                }

                break;
            case Assign assign:
                _values[NameOf(assign.Variable)] = Of(assign.Value);
                break;
            case Store store:
                _counted += Operations.Store;
                Write(store.Target, Of(store.Value));
                break;
            case Point point:
                foreach (PointerBinding binding in point.Bindings)
                {
                    _pointers[binding.Pointer.Name] = At(binding.Target);
                }

                break;
            case Allocate allocate:
                Array memory = allocate.Span.Element == ElementType.Int ? new int[allocate.Length] : new object[allocate.Length];
                foreach (Pointer pointer in new[] { allocate.Span, allocate.First }.OfType<Pointer>())
                {
                    _pointers[pointer.Name] = (memory, 0);
                }

                Clear(memory, 0, memory.Length, allocate.Span.Element);
                break;
            case Table table:
                _pointers[table.Span.Name] = (table.Values.Select(value => (float)value).ToArray(), 0);
                break;
            case For loop:
                for (int i = Int(loop.First); i < Int(loop.End); i += Int(loop.Step))
                {
                    _values[loop.Variable.Name] = i;
                    Run(loop.Body);
                    i = (int)_values[loop.Variable.Name];
                }

                break;
            case Evaluate evaluate:
                Execute(evaluate.Call);
                break;
            case Return result:
                _result = Of(result.Value);
                break;
            case Comment:
                break;
            default:
                throw new NotSupportedException(statement.ToString());
        }
    }

    private void RunAll(IEnumerable<Statement> statements)
    {
        foreach (Statement statement in statements)
        {
            Run(statement);
        }
    }

    /// <summary>Calls for what they do.</summary>
    private void Execute(Call call)
    {
        switch (call.Function.Name)
        {
            case "Add" when call.Function is RuntimeMember { Receiver: not null }:
                object sum = Of(call.Arguments[0]), term = Of(call.Arguments[1]);
                object total = sum is object[] sums ? Wide(i => (object)((double)sums[i] + (float)((object[])term)[i]))
                    : (double)sum + (float)term;
                if (call.Arguments[0] is Load load)
                {
                    Write(load.Source, total);
                }
                else
                {
                    _values[NameOf(call.Arguments[0])] = total;
                }

                break;
            case nameof(Intrinsics.Clear) when call.Arguments[0] is AddressOf span:
                (Array memory, _) = At(span.Target);
                Clear(memory, 0, memory.Length, span.Target.Pointer.Element);
                break;
            case nameof(Intrinsics.Clear) when call.Arguments[0] is Call part:
                (Array cleared, int first) = At(((AddressOf)part.Arguments[0]).Target);
                Array.Clear(cleared, first, Int(part.Arguments[1]));
                break;
            case nameof(Intrinsics.Copy):
                (Call from, Call to) = ((Call)call.Arguments[0], (Call)call.Arguments[1]);
                (Array source, int at) = At(((AddressOf)from.Arguments[0]).Target);
                (Array target, int into) = At(((AddressOf)to.Arguments[0]).Target);
                Array.Copy(source, at, target, into, Int(from.Arguments[1]));
                break;
            case nameof(RuntimeApi.Prefetch) or nameof(RuntimeApi.PrefetchL2):
                break;
            case "Add" when call.Function == RuntimeApi.AddInMemory:
                ref float added =
                    ref ((float[])At(((AddressOf)call.Arguments[0]).Target).Memory)[At(((AddressOf)call.Arguments[0]).Target).Offset];
                ref float lost =
                    ref ((float[])At(((AddressOf)call.Arguments[1]).Target).Memory)[At(((AddressOf)call.Arguments[1]).Target).Offset];
                AddLong(ref added, ref lost, (object[])Of(call.Arguments[2]));
                break;
            default:
                throw new NotSupportedException(call.Function.Name);
        }
    }

    private object Of(Expression expression)
    {
        switch (expression)
        {
            case Number number:
                return number.Value;
            case Constant constant:
                return Spread(constant.Type, constant.Type == ElementType.Double ? constant.Value : (object)(float)constant.Value);
            case LaneConstants constants:
                return Wide(i => constants.Values[i]);
            case Default { Type.IsWide: var isWide }:
                return isWide ? Wide(_ => 0.0) : 0.0;
            case Variable or IndexVariable:
                return _values[NameOf(expression)];
            case Load load:
                _counted += load.Type.Kind == ElementKind.LongSum ? default : Operations.Load;
                return Read(load.Source, load.Type);
            case IndexLoad load:
                _counted += Operations.Load;
                return Read(load.Source, ElementType.Int);
            case Broadcast broadcast:
                object value = Of(broadcast.Operand);
                return Wide(_ => value);
            case Truncation truncation:
                return Of(truncation.Operand) is float f ? (int)f : (int)(double)Of(truncation.Operand);
            case IndexChoice choice:
                return (bool)Of(choice.Condition) ? Of(choice.Then) : Of(choice.Else);
            case Select { Mask.Type.IsWide: false } choice:
                return (bool)Of(choice.Mask) ? Of(choice.Then) : Of(choice.Else);
            case IndexBinary binary:
                return Combine(binary.Operator, Of(binary.Left), Of(binary.Right));
            case IndexCall call:
                int[] x = [.. call.Arguments.Select(Int)];
                return call.Function switch
                {
                    IndexFunction.Min => Math.Min(x[0], x[1]),
                    IndexFunction.Max => Math.Max(x[0], x[1]),
                    IndexFunction.Abs => Math.Abs(x[0]),
                    IndexFunction.Clamp => Math.Clamp(x[0], x[1], x[2]),
                    _ => throw new NotSupportedException(call.Function.ToString()),
                };
            case Conversion conversion:
                return Convert(conversion.Target, Of(conversion.Operand));
            case Unary unary:
                return Lanewise(lane => Negate(unary.Operator, lane[0]), Of(unary.Operand));
            case Binary binary:
                return Lanewise(lane => Combine(binary.Operator, lane[0], lane[1]), Of(binary.Left), Of(binary.Right));
            case Select select:
                return Lanewise(lane => (bool)lane[0] ? lane[1] : lane[2], Of(select.Mask), Of(select.Then), Of(select.Else));
            case Call call:
                return Of(call);
            default:
                throw new NotSupportedException(expression.ToString());
        }
    }

    private object Of(Call call)
    {
        if (call.Function is DefinedFunction defined)
        {
            object result = Run(defined.Nest, lanes, [.. call.Arguments.Select(a => a is AddressOf address ? At(address.Target) : Of(a))],
                out Operations counted)!;
            _counted += counted;
            return result;
        }

        object[] x = [.. call.Arguments.Select(Of)];
        switch (call.Function.Name)
        {
            case nameof(Intrinsics.Sum):
                return Sum((object[])x[0]);
            case nameof(Intrinsics.Shuffle):
                return Wide(i => ((object[])x[0])[(int)((object[])x[1])[i]]);
            case nameof(Intrinsics.LaneNumbers):
                return Wide(i => (float)x[0] + (i * (float)x[1]));
            case nameof(Intrinsics.LowerHalves):
                return Wide(i => ((object[])x[i * 2 / lanes])[i % (lanes / 2)]);
            case "LowerHalf":
                return ((object[])x[0])[..(lanes / 2)];
            case nameof(Intrinsics.ToScalar):
                return ((object[])x[0])[0];
            case nameof(Intrinsics.GetLane):
                return ((object[])x[0])[(int)x[1]];
            case nameof(Intrinsics.WithLane):
                return Wide(i => i == (int)x[1] ? x[2] : ((object[])x[0])[i]);
            case nameof(Intrinsics.LaneBits):
                return ((object[])x[0]).Select((lane, i) => lane is true or < 0 ? 1ul << i : 0).Aggregate((bits, bit) => bits | bit);
            case "Value" when call.Function is RuntimeMember { IsProperty: true }:
                return x[0] is object[] sums ? Wide(i => (float)(double)sums[i]) : (float)(double)x[0];
            case nameof(Intrinsics.AndNot):
                return Lanewise(lane => (bool)lane[1] ? 0f : lane[0], x);
            case nameof(Intrinsics.IsNaN):
                return Lanewise(lane => float.IsNaN((float)lane[0]), x);
            case nameof(Intrinsics.FusedMultiplyAdd):
                _counted += Operations.MultiplyAdd;
                return Lanewise(lane => MathF.FusedMultiplyAdd((float)lane[0], (float)lane[1], (float)lane[2]), x);
            case nameof(Intrinsics.MultiplyAddEstimate):
                _counted += Operations.MultiplyAdd;
                return Lanewise(lane => float.MultiplyAddEstimate((float)lane[0], (float)lane[1], (float)lane[2]), x);
            case nameof(Intrinsics.ScalarMax):
                return MathF.Max((float)x[0], (float)x[1]);
            case nameof(Intrinsics.DoubleMax):
                return Math.Max((double)x[0], (double)x[1]);
            case nameof(Intrinsics.DoubleMin):
                return Math.Min((double)x[0], (double)x[1]);
            case nameof(Intrinsics.DoubleFloor):
                return Math.Floor((double)x[0]);
            case nameof(Intrinsics.DoubleCeiling):
                return Math.Ceiling((double)x[0]);
            default:
                return Lanewise(lane => Interpreter.InSingle(call.Function, [.. lane.Select(value => (float)value)]), x);
        }
    }

    private int Int(Expression index) => (int)Of(index);

    private Range At(Reference reference) =>
        (_pointers[reference.Pointer.Name].Memory, _pointers[reference.Pointer.Name].Offset + Int(reference.Offset));

    private object Read(Reference source, ElementType type)
    {
        (Array memory, int offset) = At(source);
        return type.IsWide && memory is not object[]? Wide(i => memory.GetValue(offset + i)!) : memory.GetValue(offset)!;
    }

    private void Write(Reference target, object value)
    {
        (Array memory, int offset) = At(target);
        if (value is object[] vector && memory is float[] floats)
        {
            for (int i = 0; i < lanes; i++)
            {
                floats[offset + i] = (float)vector[i];
            }
        }
        else
        {
            memory.SetValue(value, offset);
        }
    }

    private void Clear(Array memory, int first, int length, ElementType element)
    {
        for (int i = first; i < first + length; i++)
        {
            memory.SetValue(Spread(element, element.Kind switch { ElementKind.Int => 0, ElementKind.LongSum => 0.0, _ => (object)0f }), i);
        }
    }

    private object Lanewise(Func<object[], object> compute, params object[] x) => Array.Exists(x, value => value is object[])
        ? Wide(i => compute(Array.ConvertAll(x, value => value is object[] vector ? vector[i] : value))) : compute(x);

    private object[] Wide<T>(Func<int, T> lane)
        where T : notnull => [.. Enumerable.Range(0, lanes).Select(i => (object)lane(i))];

    private object Spread(ElementType type, object value) => type.IsWide ? Wide(_ => value) : value;

    private static float[] Floats(object[] vector) => Array.ConvertAll(vector, lane => (float)lane);

    private float Sum(object[] vector) => lanes switch
    {
        4 => Vector128.Sum(Vector128.Create(Floats(vector))),
        8 => Vector256.Sum(Vector256.Create(Floats(vector))),
        _ => Vector512.Sum(Vector512.Create(Floats(vector))),
    };

    private void AddLong(ref float sum, ref float lost, object[] value)
    {
        switch (lanes)
        {
            case 4:
                BlockSum128.Add(ref sum, ref lost, Vector128.Create(Floats(value)));
                break;
            case 8:
                BlockSum256.Add(ref sum, ref lost, Vector256.Create(Floats(value)));
                break;
            default:
                BlockSum512.Add(ref sum, ref lost, Vector512.Create(Floats(value)));
                break;
        }
    }

    private static string NameOf(Expression variable) => variable is Variable v ? v.Name : ((IndexVariable)variable).Name;

    private object Convert(ElementType target, object value) => (target.Kind, value) switch
    {
        (ElementKind.Float, int i) => (object)(float)i,
        (ElementKind.Float, double d) => (object)(float)d,
        (ElementKind.Int, byte bits) => (object)(int)bits,
        (ElementKind.Int, ushort bits) => (object)(int)bits,
        (ElementKind.LaneBits, ulong bits) => lanes == 16 ? (object)(ushort)(bits & 0xFFFF) : (byte)(bits & ((1ul << lanes) - 1)),
        _ => throw new NotSupportedException($"{value} as {target}"),
    };

    private static object Negate(UnaryOperator symbol, object x) => (symbol, x) switch
    {
        (UnaryOperator.Negate, float f) => (object)-f,
        (UnaryOperator.Not, bool b) => (object)!b,
        (UnaryOperator.Not, ulong bits) => (object)~bits,
        _ => throw new NotSupportedException($"{symbol} {x}"),
    };

    private static object Combine(BinaryOperator symbol, object left, object right) => (left, right) switch
    {
        (bool a, bool b) => symbol == BinaryOperator.And ? a && b
            : symbol == BinaryOperator.Or ? a || b : throw new NotSupportedException(symbol.ToString()),
        (bool a, float b) => a ? b : 0f,
        (bool a, int b) => a ? b : 0,
        (ulong a, ulong b) => symbol == BinaryOperator.And ? a & b : a | b,
        (int a, int b) => symbol switch
        {
            BinaryOperator.And => a & b,
            BinaryOperator.Or => a | b,
            BinaryOperator.ShiftLeft => a << b,
            BinaryOperator.Modulo => a % b,
            BinaryOperator.Divide => a / b,
            BinaryOperator.Add => a + b,
            BinaryOperator.Subtract => a - b,
            BinaryOperator.Multiply => a * b,
            BinaryOperator.Equal => a == b,
            BinaryOperator.Less => a < b,
            BinaryOperator.Greater => a > b,
            BinaryOperator.GreaterOrEqual => a >= b,
            BinaryOperator.LessOrEqual => a <= b,
            _ => throw new NotSupportedException(symbol.ToString()),
        },
        (float a, float b) when symbol == BinaryOperator.Or =>
            BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a) | BitConverter.SingleToInt32Bits(b)),
        (float a, float b) => Arithmetic(symbol, a, b),
        (int a, float b) => Arithmetic(symbol, a, b),
        (float a, int b) => Arithmetic(symbol, a, b),
        (double a, double b) => Arithmetic(symbol, a, b),
        (int a, double b) => Arithmetic(symbol, a, b),
        (double a, int b) => Arithmetic(symbol, a, b),
        (double a, float b) => Arithmetic(symbol, a, (double)b),
        _ => throw new NotSupportedException($"{left.GetType().Name} {symbol} {right.GetType().Name}"),
    };

    private static object Arithmetic<T>(BinaryOperator symbol, T a, T b)
        where T : struct, System.Numerics.IFloatingPoint<T> => symbol switch
        {
            BinaryOperator.Add => a + b,
            BinaryOperator.Subtract => a - b,
            BinaryOperator.Multiply => a * b,
            BinaryOperator.Divide => a / b,
            BinaryOperator.Equal => a == b,
            BinaryOperator.Less => a < b,
            BinaryOperator.LessOrEqual => a <= b,
            BinaryOperator.Greater => a > b,
            BinaryOperator.GreaterOrEqual => a >= b,
            _ => throw new NotSupportedException(symbol.ToString()),
        };
}
