using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Linq.Expressions;
using Strata.Compiler.Declarations;
using Strata.Compiler.Emission;
using Strata.Compiler.Operators;
using Formula = Strata.Compiler.KernelLanguage.Expression;

namespace Strata;

public sealed partial class NetworkBuilder
{
    /// <summary>Adds a layer that applies a function of one's own to each element. Its gradient is derived.</summary>
    /// <remarks>
    /// The function is a formula: its parameter, numbers and variables of the program (read now), operators, <c>condition ? a : b</c>, and
    /// methods of <see cref="MathF"/>, <see cref="Math"/>, <see cref="float"/> and <see cref="Functions"/>. It becomes vector code, as the
    /// method of an <see cref="ElementwiseAttribute"/>.
    /// </remarks>
    /// <param name="function">The function: <c>x =&gt; x * MathF.Tanh(x)</c>.</param>
    /// <param name="kind">What the layer is called in tables, as an attribute would be.</param>
    /// <param name="name">The layer's name; by default the kind in small letters, and a number.</param>
    /// <param name="from">The name of the tensor that it reads; by default the one before it.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="NotSupportedException">A part of the function is none of these. The message names it.</exception>
    public NetworkBuilder Elementwise(
        Expression<Func<float, float>> function, string kind = "Function", string? name = null, string? from = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Append(Declare(function, kind, isLoss: false), block: null, [("Name", name), ("From", from)]);
    }

    /// <summary>
    /// Adds a layer that joins two tensors by a function of their elements. Smaller tensors repeat as PyTorch broadcasts.
    /// </summary>
    /// <param name="function">
    /// The function: <c>(x, y) =&gt; x * Functions.Sigmoid(y)</c>. See the other overload for what it may have.
    /// </param>
    /// <param name="tensors">The names of the two tensors; by default the ends of the two branches before it.</param>
    /// <param name="kind">What the layer is called in tables, as an attribute would be.</param>
    /// <param name="name">The layer's name; by default the kind in small letters, and a number.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="NotSupportedException">A part of the function cannot be in a formula. The message names it.</exception>
    public NetworkBuilder Elementwise(
        Expression<Func<float, float, float>> function, IReadOnlyList<string>? tensors = null, string kind = "Function",
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Append(Declare(function, kind, isLoss: false), block: null, [("Tensors", tensors), ("Name", name)]);
    }

    /// <summary>Adds a loss: the mean of a function of outputs and targets, which are values. Its gradient is derived.</summary>
    /// <param name="function">The function of an output and its target: <c>(y, t) =&gt; MathF.Log(MathF.Cosh(y - t))</c>.</param>
    /// <param name="kind">What the loss is called in tables, as an attribute would be.</param>
    /// <param name="from">The name of the tensor that it reads; by default the one before it.</param>
    /// <param name="weight">Its factor in the sum of all losses; 1 by default.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="NotSupportedException">A part of the function cannot be in a formula. The message names it.</exception>
    public NetworkBuilder ElementwiseLoss(
        Expression<Func<float, float, float>> function, string kind = "FunctionLoss", string? from = null, double? weight = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Append(Declare(function, kind, isLoss: true), block: null, [("From", from), ("Weight", weight)]);
    }

    /// <summary>Declares an operator, as a class with a method <c>Value</c> would.</summary>
    /// <returns>Its type.</returns>
    private string Declare(LambdaExpression function, string kind, bool isLoss)
    {
        if (!Identifiers.IsValid(kind))
        {
            throw new ArgumentException($"'{kind}' is no name of an attribute: use letters, digits and underscores.", nameof(kind));
        }

        string[] inputs = isLoss ? ["output", "target"] : ["x", "y"];
        inputs = inputs[..function.Parameters.Count];
        return Declare(LambdaFormula.Read(function, inputs), inputs, kind, isLoss);
    }

    /// <summary>Declares an operator by its formula.</summary>
    /// <param name="inputs">The formula's variables.</param>
    /// <param name="trained">The numbers that training changes, and their initial values.</param>
    /// <returns>Its type.</returns>
    internal string Declare(
        Formula formula, string[] inputs, string kind, bool isLoss = false,
        params IReadOnlyList<(TrainedConstant Constant, double Initial)> trained)
    {
        string key = "Function" + (_operators.Count + 1).ToString(CultureInfo.InvariantCulture) + "." + kind;
        _operators.Add(new DeclaredOperator(
            key, kind, isLoss, inputs.ToEquatableArray(),
            trained.Select(one => new BlockConstant(one.Constant.Name, ConstantType.Double, new ConstantValue(one.Initial)))
                .ToEquatableArray(),
            Defaults: [], Numbers: [], trained.Select(one => one.Constant).ToEquatableArray(), formula));
        return key;
    }

    /// <summary>The operators that the layers may mean: Strata's, and those of functions.</summary>
    internal OperatorSet Operators => OperatorSet.With(_operators.Select(declared => DeclaredUse.OperatorOf(declared)));
}
