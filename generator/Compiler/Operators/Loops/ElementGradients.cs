using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>
/// The backward pass of an elementwise function. If an element or a trained number is used for several outputs, its gradient is the sum
/// over these.
/// </summary>
internal sealed class ElementGradients
{
    private readonly ElementFunction _function;
    private readonly LoopPass _pass;

    /// <summary>The gradients that need no sum, since their inputs have the output's shape.</summary>
    private readonly List<(Expression Gradient, LoopTensor Target)> _stores = [];
    private readonly List<Sum> _sums = [];

    public ElementGradients(ElementFunction function, LoopPass pass)
    {
        (_function, _pass) = (function, pass);
        for (int i = 0; i < function.Inputs.Count; i++)
        {
            if (pass.InputGradients[i] is { } target)
            {
                Expression gradient = function.GradientBy(function.Inputs[i].Variable);
                if (target.Shape == function.Result)
                {
                    _stores.Add((gradient, target));
                }
                else
                {
                    _sums.Add(new InputSum(gradient, target, function.Result));
                }
            }
        }

        _sums.AddRange(
            from number in function.Numbers
            where pass.HasGradient(number.Suffix)
            let gradient = function.GradientBy(number.Variable)
            where !gradient.IsZero()
            select new NumberSum(gradient, number, pass, function.Result.Channels));
    }

    /// <summary>The axes along which a gradient has its own elements. It is summed along the other axes.</summary>
    [Flags]
    private enum KeptAxes
    {
        None = 0,
        Channels = 1,
        Planes = 2,
        Rows = 4,
        Columns = 8,
    }

    /// <summary>Adds the steps of the backward pass.</summary>
    public void Record()
    {
        // One loop computes the gradients that need no sum, and those summed along the same axes. Other sums have loops of their own.
        List<List<Sum>> groups = [.. _sums.GroupBy(sum => sum.Kept).Select(group => group.ToList())];
        if (groups.Count == 0 && _stores.Count > 0)
        {
            _pass.Step("", k => k.ForEachApart(_pass.OutputGradient, at => Store(_stores, Compute(k, at, Formulas(_stores), []), at)));
        }

        for (int i = 0; i < groups.Count; i++)
        {
            (List<Sum> sums, bool isFirst) = (groups[i], i == 0);
            _pass.Step(
                isFirst ? "" : $"gradient of {string.Join(", ", sums.Select(sum => sum.Name))}",
                k => RecordSums(k, sums, isFirst ? _stores : []),
                isFirst ? "" : Capital(sums[0].Name));
        }

        foreach (NumberSum sum in _sums.OfType<NumberSum>())
        {
            sum.AddSamples();
        }
    }

    private void RecordSums(Loops k, List<Sum> sums, List<(Expression Gradient, LoopTensor Target)> stores)
    {
        KeptAxes kept = sums[0].Kept;
        Expression[] formulas = [.. Formulas(stores), .. sums.Select(sum => sum.Gradient)];
        string[] names = sums.Count == 1 ? ["sum"] : [.. sums.Select((_, i) => $"sum{i}")];
        KeptAxes[] axes = [KeptAxes.Planes, KeptAxes.Rows, KeptAxes.Columns];
        List<SumLoop> outer = [], inner = [];
        foreach ((SumLoop loop, KeptAxes axis) in k.PixelLoops(_pass.OutputGradient).Zip(axes, (loop, axis) => (loop, axis)))
        {
            (kept.HasFlag(axis) ? outer : inner).Add(loop);
        }

        if (kept.HasFlag(KeptAxes.Channels))
        {
            k.ForChannels(_pass.OutputGradient, c => k.For(outer, () => SumOver(new ElementIndex(c))));
        }
        else
        {
            var channels = new SumLoop("c", k.Channels(_pass.OutputGradient));
            inner.Insert(0, channels);
            k.For(outer, () => SumOver(new ElementIndex(channels.Variable)));
        }

        void SumOver(ElementIndex at)
        {
            // Values that are the same in all iterations are read before the loop.
            Dictionary<Variable, Expression> known = _function.Numbers
                .Where(number => (!number.PerChannel || kept.HasFlag(KeptAxes.Channels)) && formulas.Any(f => f.Reads(number.Variable)))
                .ToDictionary(number => number.Variable, number => (Expression)k.Let(number.LocalName, number.In(_pass, at.C)));
            Variable[] totals = k.SumOver(inner, names, () =>
            {
                Expression[] values = Compute(k, at, formulas, known);
                Store(stores, values, at);
                return [.. sums.Select((sum, i) => sum.Term(k, at, values[stores.Count + i]))];
            });
            for (int i = 0; i < totals.Length; i++)
            {
                sums[i].Store(k, at, totals[i]);
            }
        }
    }

    private Expression[] Compute(Loops k, ElementIndex at, Expression[] formulas, Dictionary<Variable, Expression> known) =>
        _function.Compute(k, _pass, at, formulas, known);

    private static Expression[] Formulas(List<(Expression Gradient, LoopTensor Target)> stores) => [.. stores.Select(s => s.Gradient)];

    private static void Store(List<(Expression Gradient, LoopTensor Target)> stores, Expression[] values, ElementIndex at)
    {
        for (int i = 0; i < stores.Count; i++)
        {
            stores[i].Target[at] = values[i];
        }
    }

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>A gradient that is a sum.</summary>
    /// <param name="Name">The name of the input or the number.</param>
    /// <param name="Gradient">The formula of what each element adds.</param>
    private abstract record Sum(string Name, Expression Gradient, KeptAxes Kept)
    {
        /// <summary>The value that is added. It is computed from the value of <see cref="Gradient"/>.</summary>
        public virtual Expression Term(Loops k, ElementIndex at, Expression value) => value;

        public abstract void Store(Loops k, ElementIndex at, Variable total);
    }

    /// <summary>The gradient of an input that is broadcast.</summary>
    private sealed record InputSum(Expression Gradient, LoopTensor Target, Shape Whole)
        : Sum(Target.Name, Gradient, KeptIn(Target.Shape, Whole))
    {
        private bool SumsChannels => !Kept.HasFlag(KeptAxes.Channels);

        // The lanes behind the last channel may hold anything, so they must not be added.
        public override Expression Term(Loops k, ElementIndex at, Expression value) =>
            k.LanesAreChannels && SumsChannels && k.LanesWithElements(Whole, at.C) is { } mask ? mask & value : value;

        public override void Store(Loops k, ElementIndex at, Variable total)
        {
            Index Along(KeptAxes axis, Index index) => Kept.HasFlag(axis) ? index : 0;
            Target[Along(KeptAxes.Channels, at.C), Along(KeptAxes.Planes, at.Z), Along(KeptAxes.Rows, at.Y),
                Along(KeptAxes.Columns, at.X)] =
                k.LanesAreChannels && SumsChannels ? new Broadcast(Intrinsics.Sum(total)) : total;
        }

        private static KeptAxes KeptIn(Shape shape, Shape whole)
        {
            KeptAxes Along(KeptAxes axis, int extent, int ofWhole) => extent == ofWhole && extent > 1 ? axis : KeptAxes.None;
            return (shape.Channels == whole.Channels ? KeptAxes.Channels : KeptAxes.None) | Along(KeptAxes.Planes, shape.Depth, whole.Depth)
                | Along(KeptAxes.Rows, shape.Height, whole.Height) | Along(KeptAxes.Columns, shape.Width, whole.Width);
        }
    }

    /// <summary>
    /// The gradients of a trained number, or of one for each channel. With samples apart, each sample stores a sum for each of its
    /// channels.
    /// </summary>
    private sealed record NumberSum(Expression Gradient, ElementParameter Number, LoopPass Pass, int Channels)
        : Sum(Number.KernelName, Gradient, Number.PerChannel || Pass.SamplesAreApart ? KeptAxes.Channels : KeptAxes.None)
    {
        private readonly LoopTensor? _ofSample = Pass.SamplesAreApart ? Pass.OfSample(Number.KernelName + "Sums", Channels) : null;

        private LoopParameter Target => Pass.ParameterGradient(Number.Suffix, Number.KernelName);

        public override void Store(Loops k, ElementIndex at, Variable total)
        {
            if (_ofSample is not null)
            {
                _ofSample.SetChannel(at.C, total);
            }
            else
            {
                Target.AddGradient(Number.PerChannel ? at.C : 0, total);
            }
        }

        /// <summary>With samples apart, adds the sums of the samples.</summary>
        public void AddSamples()
        {
            if (_ofSample is null)
            {
                return;
            }

            Pass.AddSamples($"gradient of {Number.Suffix}", Capital(Number.KernelName), k =>
            {
                Index channels = KernelLanguage.Number.Named(Channels, "channels");
                if (Number.PerChannel)
                {
                    k.Run(RuntimeApi.SumSamples.Call(
                        _ofSample.Address(Access.Read), k.SampleStride, k.Samples, channels, Target.Address(Access.Write)));
                    return;
                }

                // The first sample's sums are replaced by those over all samples.
                k.Run(RuntimeApi.SumSamples.Call(
                    _ofSample.Address(Access.Read), k.SampleStride, k.Samples, channels, _ofSample.Address(Access.Write)));
                k.Run(RuntimeApi.SumSamples.Call(
                    _ofSample.Address(Access.Read), (Index)1, channels, (Index)1, Target.Address(Access.Write)));
            });
        }
    }
}
