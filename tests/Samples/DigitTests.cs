using System;
using System.Linq;
using Digits;
using Strata.Pictures;
using Xunit;

namespace Strata.Samples.Tests;

public sealed class DigitTests
{
    [Fact]
    public void A_digit_of_MNIST_stays_what_it_is()
    {
        DigitSet test = DigitSet.Test();
        for (int i = 0; i < 200; i++)
        {
            var picture = new Picture(Digit.Size, Digit.Size);
            for (int p = 0; p < Digit.Pixels; p++)
            {
                byte ink = test[i][p];
                picture[p % Digit.Size, p / Digit.Size] = new Rgb(ink, ink, ink);
            }

            double difference = test[i].ToArray().Zip(Digit.FromPicture(picture), (a, b) => Math.Abs(a - b)).Average();
            Assert.InRange(difference, 0, 12);
        }
    }
}
