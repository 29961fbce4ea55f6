package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.Arrays;

/// Correlation, covariance and linear regression: `f(y, x)`. Rows with a null count for nothing.
final class PairAccumulator implements Accumulator {
  private static final PgType[] STATE = new PgType[6];

  static {
    Arrays.fill(STATE, Types.FLOAT8);
  }

  private final String which;
  private double n;
  private double sumX;
  private double sumY;
  private double sxx;
  private double syy;
  private double sxy;

  PairAccumulator(String which) {
    this.which = which;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] == null || args[1] == null) {
      return;
    }
    double y = (Double) args[0];
    double x = (Double) args[1];
    n += 1;
    sumX += x;
    sumY += y;
    if (n > 1) {
      double dx = x * n - sumX;
      double dy = y * n - sumY;
      double scale = 1.0 / (n * (n - 1));
      sxx += dx * dx * scale;
      syy += dy * dy * scale;
      sxy += dx * dy * scale;
      if (Double.isInfinite(sxx) || Double.isInfinite(syy) || Double.isInfinite(sxy)) {
        throw FloatFunctions.overflow();
      }
    } else {
      if (Double.isNaN(x) || Double.isInfinite(x)) {
        sxx = Double.NaN;
        sxy = Double.NaN;
      }
      if (Double.isNaN(y) || Double.isInfinite(y)) {
        syy = Double.NaN;
        sxy = Double.NaN;
      }
    }
  }

  @Override
  public Object result(EvalContext cx) {
    if (which.equals("regr_count")) {
      return (long) n;
    }
    if (n < 1 || (which.equals("covar_samp") && n < 2)) {
      return null;
    }
    return switch (which) {
      case "regr_sxx" -> sxx;
      case "regr_syy" -> syy;
      case "regr_sxy" -> sxy;
      case "regr_avgx" -> sumX / n;
      case "regr_avgy" -> sumY / n;
      case "covar_pop" -> sxy / n;
      case "covar_samp" -> sxy / (n - 1);
      case "corr" -> sxx == 0 || syy == 0 ? null : (Double) (sxy / Math.sqrt(sxx * syy));
      case "regr_r2" ->
          sxx == 0 ? null : syy == 0 ? (Double) 1.0 : (Double) (sxy * sxy / (sxx * syy));
      case "regr_slope" -> sxx == 0 ? null : (Double) (sxy / sxx);
      case "regr_intercept" -> sxx == 0 ? null : (Double) ((sumY - sumX * sxy / sxx) / n);
      default -> throw new IllegalStateException(which);
    };
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {n, sumX, sumY, sxx, syy, sxy});
  }

  @Override
  public void merge(SqlRow state) {
    Object[] other = state.values();
    double m = (Double) other[0];
    if (m == 0) {
      return;
    }
    if (n != 0) {
      double dx = sumX / n - (Double) other[1] / m;
      double dy = sumY / n - (Double) other[2] / m;
      double weight = n * m / (n + m);
      sxx += weight * dx * dx;
      syy += weight * dy * dy;
      sxy += weight * dx * dy;
    }
    n += m;
    sumX += (Double) other[1];
    sumY += (Double) other[2];
    sxx += (Double) other[3];
    syy += (Double) other[4];
    sxy += (Double) other[5];
  }
}
